-- General fixture: one table per thing that a table can be.

-- No declared key: the rowid is the key.
create table notes (body text, written text, stars integer);
insert into notes values
  ('first note', '2021-03-01', 3),
  ('second note', '2021-03-02', null),
  (null, '2021-03-02', 5),
  ('', null, 1);

-- One integer key.
create table plants (
  id integer primary key,
  name text,
  height real,
  note text default 'none'
);
insert into plants values
  (1, 'Fern', 0.5, 'shade'),
  (2, 'Oak', 20.0, null),
  (3, 'Moss', 0.02, ''),
  (4, 'Daisy', 0.1, 'none');

-- One text key, with values that need encoding in a path.
create table codes (code text primary key, meaning text);
insert into codes values
  ('alpha', 'the first'),
  ('with space', 'has a space'),
  ('a/b', 'has a slash'),
  ('a.b', 'has a dot'),
  ('a,b', 'has a comma'),
  ('100%', 'has a percent sign'),
  ('~tilde', 'has a tilde'),
  ('été', 'has accents'),
  ('x+y&z=1', 'has signs of a query string'),
  ('', 'is empty');

-- A key of a number that is not whole.
create table measures (reading real primary key, unit text) without rowid;
insert into measures values (0.5, 'm'), (1.5, 'm'), (1e16, 'km'), (2.0, 'cm');

-- Compound keys: two columns in another order than they are declared, and three columns.
create table lessons (room text, hour integer, subject text, primary key (hour, room));
insert into lessons values
  ('A', 9, 'Maths'), ('A', 10, 'Music'), ('B', 9, 'Art'), ('B', 10, null), ('C/D', 9, 'Sport');
create table triples (a text, b text, c text, content text, primary key (a, b, c));
with recursive n(i) as (select 0 union all select i + 1 from n where i < 26)
insert into triples
  select char(97 + i / 9), char(97 + i / 3 % 3), char(97 + i % 3), 'cell ' || i from n;
create table pairs (a text, b text, content text, primary key (a, b)) without rowid;
insert into pairs values ('a', 'b', 'c'), ('a/b', '.c-d', 'e'), ('d', 'e', 'RENDER');

-- Foreign keys: single, to text, compound, to a missing table, to a column that is no key, with
-- another case, without a target column, to itself.
create table regions (id integer primary key, name text);
insert into regions values (1, 'North'), (2, 'South'), (3, null), (4, '');
create table towns (
  id integer primary key,
  name text,
  region integer references regions(id),
  code text references codes(code)
);
insert into towns values
  (1, 'Ashby', 1, 'alpha'),
  (2, 'Brook', 1, 'a/b'),
  (3, 'Cove', 2, null),
  (4, 'Dale', null, 'missing'),
  (5, 'Edge', 3, 'with space'),
  (6, 'Firth', 4, ''),
  (7, 'Glen', 99, 'alpha');
create table bookings (
  id integer primary key,
  lesson_room text,
  lesson_hour integer,
  town integer references TOWNS(id),
  lost integer references vanished(id),
  region_name text references region_names(label),
  keyless integer references regions,
  foreign key (lesson_hour, lesson_room) references lessons(hour, room)
);
insert into bookings values
  (1, 'A', 9, 1, 1, 'up', 1),
  (2, 'B', 10, 2, null, 'down', 2),
  (3, null, null, null, null, null, null);
create table region_names (id integer primary key, label text unique);
insert into region_names values (10, 'up'), (20, 'down');
create table folders (
  id integer primary key,
  title text,
  parent integer references folders(id)
);
insert into folders values (1, 'root', null), (2, 'home', 1), (3, 'etc', 1), (4, 'me', 2);
-- Two foreign keys to one table.
create table roads (
  id integer primary key,
  start integer references towns(id),
  finish integer references towns(id),
  length integer
);
insert into roads values (1, 1, 2, 12), (2, 2, 3, 7), (3, 3, 1, 30);

-- Something to facet by: repeated values, NULLs, JSON arrays, dates.
create table sightings (
  id integer primary key,
  seen text,
  place text,
  town integer references towns(id),
  count integer,
  wild integer,
  tags text,
  detail text,
  _internal text,
  unique_note text
);
insert into sightings values
  (1, '2020-01-14 08:00:00', 'Hill', 1, 1, 1, '["red", "small"]', '[{"a": 1}]', 'x', 'n1'),
  (2, '2020-01-14 08:00:00', 'Hill', 1, 1, 1, '["red", "tall"]', '[]', 'y', 'n2'),
  (3, '2020-01-14 08:00:00', 'Hill', 1, 2, 0, '[]', '[]', 'y', null),
  (4, '2020-01-14 08:00:00', 'Lake', 2, 1, 1, '["red"]', '[]', null, null),
  (5, '2020-01-15 08:00:00', 'Lake', 2, 3, 1, '["red", "red"]', '[]', null, null),
  (6, '2020-01-15 08:00:00', 'Lake', 2, 1, 0, null, '[]', null, null),
  (7, '2020-01-15 08:00:00', 'Shore', 3, 1, 1, '["tall"]', '[]', 'x', null),
  (8, '2020-01-15 08:00:00', 'Shore', 3, 2, 1, '[]', '[]', 'x', null),
  (9, '2020-01-16 08:00:00', 'Shore', null, 1, 1, '["small"]', '[]', 'x', null),
  (10, '2020-01-16 08:00:00', '', null, 1, 0, '[]', '[]', 'z', null),
  (11, '2020-01-16 08:00:00', null, 4, 5, 1, '[]', '[]', 'z', null),
  (12, '2020-01-17 08:00:00', 'Hill & Dale', 4, 1, 1, '["red"]', '[]', 'z', null),
  (13, 'not a date', 'Hill', 5, 1, 1, '["a,b"]', '[]', 'z', null),
  (14, null, 'Hill', 7, 1, 0, '["red"]', '[]', 'z', null);

-- Sorting: ties, NULLs, text that looks like numbers.
create table scores (
  pk1 text,
  pk2 text,
  content text,
  points integer,
  points_with_nulls integer,
  ratio real,
  ratio_with_nulls real,
  word text,
  primary key (pk1, pk2)
);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 61)
insert into scores select
  char(97 + i % 7), char(97 + i % 26) || i, 'content ' || i, (i * 37) % 11 - 3,
  case when i % 3 = 0 then null else (i * 17) % 5 end,
  ((i * 53) % 17) / 4.0,
  case when i % 4 = 0 then null else ((i * 29) % 13) / 8.0 end,
  case i % 6 when 0 then '$null' when 1 then 'é' when 2 then '10' when 3 then '9' when 4 then '' else 'Z' end
from n order by 1, 2;

create table ties (a text, b integer, n integer, primary key (a, b));
insert into ties values
  ('d', 1, 1), ('c', 1, 1), ('b', 2, 2), ('a', 2, 1), ('b', 1, 1), ('d', 2, 2), ('a', 1, 1), ('c', 2, 1), ('e', 1, 1);

-- Paging: 201 rows with an integer key, and 30 rows with a text key whose first is empty.
create table pages (id integer primary key, content text);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 201)
insert into pages select i, 'page ' || i from n;
create table labels (label text primary key, n integer);
with recursive n(i) as (select 0 union all select i + 1 from n where i < 29)
insert into labels select case i when 0 then '' else substr('label ', 1, i % 7) || i end, i from n;

-- Full-text search: external content (FTS5, FTS4), own content, without content.
create table articles (id integer primary key, title text, body text, author text);
insert into articles values
  (1, 'Growing ferns', 'Ferns like shade and water', 'Ann'),
  (2, 'Old oaks', 'An oak may live for centuries, in shade or sun', 'Ben'),
  (3, 'Water "quoted" words', 'Ponds and lakes; water, water', 'Ann'),
  (4, 'Étude', 'Un été près de l''eau', 'Zoé');
create virtual table articles_fts using fts5(title, body, content="articles", content_rowid="id");
insert into articles_fts(rowid, title, body) select id, title, body from articles;
create table letters (id integer primary key, subject text, text text);
insert into letters values (1, 'hello world', 'dear reader'), (2, 'goodbye', 'hello again');
create virtual table letters_fts using fts4(subject, text, content="letters");
insert into letters_fts(rowid, subject, text) select id, subject, text from letters;
create virtual table diary using fts5(day, entry);
insert into diary values ('monday', 'rain all day'), ('tuesday', 'sun and rain'), ('friday', 'snow');
create virtual table old_diary using fts4(day, entry);
insert into old_diary values ('monday', 'fog'), ('tuesday', 'fog and wind');
create virtual table word_list using fts5(word, content='');
insert into word_list(rowid, word) values (1, 'one'), (2, 'two');
create virtual table diary_terms using fts5vocab('diary', 'row');

-- Views: plain, with duplicate rows, with an expression, over a search, over nothing.
create view tall_plants as select id, name, height from plants where height > 0.05;
create view repeated as select 'same' as word, 1 as n union all select 'same', 1 union all select 'other', 2;
create view computed as select id, height * 100 as centimetres, upper(name) from plants;
create view page_view as select id, content from pages;
create view article_view as select id, title, body from articles;

-- Values: blobs, big numbers, floats, text that is not UTF-8, text that looks like something.
create table blobs (id integer primary key, name text, data blob);
insert into blobs values
  (1, 'null', null),
  (2, 'empty', x''),
  (3, 'one', x'ff'),
  (4, 'text', x'48656c6c6f'),
  (5, 'large', zeroblob(2048)),
  (6, 'bytes', x'000102030405060708090a0b0c0d0e0f');
create table loose_blobs (data blob, name text);
insert into loose_blobs values (x'01', 'one'), (null, 'null'), ('text', 'text'), (7, 'number');
create table numbers (id integer primary key, whole integer, broken real);
insert into numbers values
  (1, 9223372036854775807, 1e16),
  (2, -9223372036854775808, 1e-5),
  (3, 12345678901234567, 0.1),
  (4, 0, -0.0),
  (5, 1, 9e999),
  (6, -1, -9e999),
  (7, 2, 1.0),
  (8, 3, 123456789.125),
  (9, 4, 1e15),
  (10, 5, 0.0001),
  (11, 6, 1.7976931348623157e308),
  (12, 7, 5e-324);
create table texts (id integer primary key, text text);
insert into texts values
  (1, 'plain'),
  (2, cast(x'666fff6f' as text)),
  (3, 'emoji 😀 and é and ' || char(0x4e2d, 0x6587)),
  (4, '<script>alert("x")</script> & ''quotes'''),
  (5, 'line one' || char(10) || 'line two' || char(13, 10) || 'line three'),
  (6, 'tab' || char(9) || 'and controls ' || char(1, 127)),
  (7, 'comma, "quote"'),
  (8, '  spaces  '),
  (9, printf('%.*c', 2100, 'x') || ' end'),
  (10, ''),
  (11, null),
  (12, '{"json": [1, 2.0, null]}'),
  (13, '=1+1'),
  (14, char(0x2028) || char(0xfeff) || char(0xa0)),
  (15, 'null'),
  (16, '%like_\');
create table links (id integer primary key, url text);
insert into links values
  (1, 'https://example.com/'),
  (2, 'http://example.com/a?b=c&d="e"'),
  (3, 'HTTPS://EXAMPLE.COM/'),
  (4, 'https://example.com/with space'),
  (5, 'ftp://example.com/'),
  (6, 'see https://example.com/'),
  (7, 'https://example.com/' || printf('%.*c', 2100, 'p') || '.png'),
  (8, 'javascript:alert(1)'),
  (9, 'mail@example.com'),
  (10, 'http://');
-- Column types that say nothing, and storage classes that the declared type does not promise.
create table mixed (id integer primary key, anything, flag boolean, day date, amount numeric(10, 2));
insert into mixed values
  (1, 1, 1, '2020-02-29', 1.5), (2, 'one', 0, '29.02.2020', '12'), (3, 1.5, null, null, 'x'),
  (4, x'01', 'yes', 20200229, null);
create table generated (
  id integer primary key,
  width integer not null,
  height integer not null default 2,
  area integer generated always as (width * height) virtual,
  label text generated always as (width || 'x' || height) stored
);
insert into generated (width, height) values (1, 2), (3, 4);

-- Names that are words of SQL, and columns whose names begin with an underscore.
create table "select" ("group" text, "having" text, "and" text, "json" text);
insert into "select" values ('group', 'having', 'and', '{"href": "http://example.com/"}');
create table underscored (_id integer primary key, _search text, _facet text, a__b text, "_" text);
insert into underscored values (1, 's', 'f', 'ab', 'u'), (2, 's', 'g', 'cd', 'v');
create table case_names (ID integer primary key, Name text, NAME_2 text);
insert into case_names values (1, 'One', 'Eins');

-- Label columns: a unique text column, a column called title, two columns of which one is the id.
create table unique_labels (id integer primary key, extra text, handle text, unique (handle));
insert into unique_labels values (1, 'x', 'first-handle'), (2, 'y', 'second-handle');
create table titled (id integer primary key, extra text, other text, Title text);
insert into titled values (1, 'x', 'y', 'The title');
create table two_columns (pk integer primary key, whatever text);
insert into two_columns values (1, 'what');
create table unlabelled (id integer primary key, a text, b text);
insert into unlabelled values (1, 'a', 'b');
create table label_users (
  id integer primary key,
  by_handle integer references unique_labels(id),
  by_title integer references titled(id),
  by_two integer references two_columns(pk),
  by_none integer references unlabelled(id)
);
insert into label_users values (1, 1, 1, 1, 1), (2, 2, null, 9, 1);

-- Nothing in it; hidden by its name; indexes, a trigger, and strictness.
create table empty_table (id integer primary key, a text, b integer);
create table _hidden (id integer primary key, secret text);
insert into _hidden values (1, 'seen by those who know');
create table indexed (id integer primary key, a text collate nocase, b integer check (b > 0));
create index indexed_a on indexed(a);
create unique index indexed_ab on indexed(a, b) where b > 1;
create trigger indexed_log after delete on indexed begin delete from notes where stars < 0; end;
insert into indexed values (1, 'B', 1), (2, 'a', 2), (3, 'A', 3);
create table strict_table (id integer primary key, value any) strict;
insert into strict_table values (1, 'a'), (2, 2);
analyze indexed;
