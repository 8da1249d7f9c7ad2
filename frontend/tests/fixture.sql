-- A small site for the browser checks: every page type, every cell type,
-- names that need escaping, and enough rows for a second page.

create table habitat (
  id integer primary key,
  name text not null
);
insert into habitat (id, name) values
  (1, 'Reed bed'), (2, 'Old oak wood'), (3, 'Shingle beach'), (4, 'Upland bog'), (5, 'Town garden');

create table observer (
  id integer primary key,
  name text,
  homepage text
);
insert into observer (id, name, homepage) values
  (1, 'Ines Okafor', 'https://example.org/observers/ines-okafor/notebooks/spring-and-summer.html'),
  (2, 'Tomas Lind', null),
  (3, 'Aiko Marsh', '');

create table sighting (
  id integer primary key,
  species text not null,
  habitat_id integer references habitat(id),
  observer_id integer references observer(id),
  seen_on text,
  how_many integer,
  wing_length_mm real,
  tags text,
  note text,
  photo blob
);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 260)
insert into sighting
  (id, species, habitat_id, observer_id, seen_on, how_many, wing_length_mm, tags, note, photo)
select
  i,
  case i % 6 when 0 then 'Reed warbler' when 1 then 'Nuthatch' when 2 then 'Turnstone'
    when 3 then 'Golden plover' when 4 then 'House sparrow' else 'Bearded tit' end,
  i % 5 + 1,
  i % 3 + 1,
  date('2024-03-01', '+' || (i % 40) || ' days'),
  case when i % 11 = 0 then null else (i * 7) % 23 end,
  round(60 + (i * 37 % 400) / 10.0, 1),
  case i % 4 when 0 then '["ringed","juvenile"]' when 1 then '["flock"]' when 2 then '[]' else '["ringed"]' end,
  case
    when i = 2 then 'A long unbroken word follows: ' || replace(hex(zeroblob(120)), '00', 'ab')
    when i = 3 then '<b>not bold</b> & "quoted"'
    when i % 9 = 0 then ''
    else 'Seen from the northern hide, in light rain.' end,
  case when i = 1 then x'89504e470d0a1a0a' when i = 4 then zeroblob(4096) end
from n;

create virtual table sighting_fts using fts5(species, note, content="sighting", content_rowid="id");
insert into sighting_fts (sighting_fts) values ('rebuild');

create view sightings_per_species as
  select species, count(*) as sightings, sum(how_many) as birds from sighting group by species;

create table ring (
  country text,
  number text,
  sighting_id integer references sighting(id),
  primary key (country, number)
);
insert into ring (country, number, sighting_id) values
  ('NO', 'A/1,2', 4), ('SE', '7~0', 8), ('GB', 'X 99', 12);

create table diary (entry text);
insert into diary (entry) values ('No primary key here'), ('مرحبا بالطيور'), ('鳥を見た'), ('🐦🐦🐦');

create table [odd / name, with "quotes" & <angles>] (
  id integer primary key,
  [a column with spaces] text,
  [-dash] text,
  [<script>alert(1)</script>] text
);
insert into [odd / name, with "quotes" & <angles>] values
  (1, 'one', 'two', '<script>document.title = "broken"</script>');

-- Names and values that would run, were they ever taken for markup, styles or script.
create table "<img src=x onerror=window.broken=1>" (
  id integer primary key,
  "<img src=y onerror=window.broken=1>" text,
  "</script><script>window.broken=1</script>" text,
  "</style><script>window.broken=1</script>" text,
  "'; } * { display: none } /*" text,
  "\" text,
  "constructor" text,
  "__proto__" text
);
insert into "<img src=x onerror=window.broken=1>" values
  (1, '<img src=z onerror=window.broken=1>', '</script><script>window.broken=1</script>', '{{ 7 * 7 }}', '"><svg onload=window.broken=1>', '\', 'a', 'b'),
  (2, 'javascript:window.broken=1', 'https://example.org/"onmouseover="window.broken=1', '</textarea><script>window.broken=1</script>', '', '\0', 'a', null);

create table nothing_yet (id integer primary key, name text);

-- config.json lets nobody see it.
create table nest_site (id integer primary key, grid_reference text);

create view endless as
  with recursive n(i) as (select 1 union all select i + 1 from n) select i from n;

create table many_columns (id integer primary key,
  c01, c02, c03, c04, c05, c06, c07, c08, c09, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20,
  c21, c22, c23, c24, c25, c26, c27, c28, c29, c30);
insert into many_columns (id, c01, c15, c30) values (1, 'first', 15, 'last'), (2, 'again', 30, 'end');

create table ledger (id integer primary key, kind text, amount real);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 10500)
insert into ledger select i, case i % 3 when 0 then 'in' when 1 then 'out' else null end, i * 1.25 from n;
