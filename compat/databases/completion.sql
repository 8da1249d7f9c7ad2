-- Keys of every kind, labels that test an order, text that is a wildcard elsewhere.
create table parts (
  id integer primary key,
  name text
);
insert into parts values
  (1, '12'), (12, 'bolt'), (112, 'nut 12'), (120, 'nut'), (3, '50% off'), (4, '50 off'),
  (5, 'a_b'), (6, 'axb'), (7, 'back\slash'), (8, 'BOLT HEAD'), (9, 'small bolt'), (10, null),
  (11, ''), (13, 'Ünder'), (14, 'ünder'), (15, 'two  spaces'), (16, 'x' || char(10) || 'y');
create table seats (
  hall text,
  number integer,
  title text,
  primary key (number, hall)
);
insert into seats values
  ('A', 1, 'aisle'), ('A', 2, 'middle'), ('B', 1, 'aisle left'), ('B', 12, null), ('C', 3, 'A');
create table words (word text primary key) without rowid;
insert into words values ('ab'), ('Ab'), ('aB'), ('b'), ('abc'), ('%'), ('_'), ('\'), ('''');
create table amounts (amount real primary key, title text);
insert into amounts values (0.5, 'half'), (1.0, 'one'), (1e20, 'much'), (-2.0, 'minus');
create table bytes (id blob primary key, name text);
insert into bytes values (x'616263', 'letters'), (x'00ff', 'others');
create table loose (rowid text, name text);
insert into loose values ('its own', 'first'), ('another', 'second');
create table many (id integer primary key, name text);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 120)
  insert into many select i, 'row ' || i from n;
-- There are seconds of work in reading all rows: the search by substring cannot finish in time, the
-- one by the beginning of the key can.
create table slow (code primary key);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
  insert into slow select printf('k%05d', i) from n;
alter table slow add column name text as (code || substr(hex(zeroblob(100000 + length(code))), 1, 1));
-- References: to a key, to another column, to a table with two, to itself, to what is not there.
create table refs (
  id integer primary key,
  part integer references parts(id),
  part_name text references parts(name),
  seat integer references seats(number),
  word text references words,
  parent integer references refs,
  lost integer references nowhere(id),
  loose integer references loose(rowid)
);
insert into refs(id, part, word) values (1, 12, 'ab');
create view v as select * from parts;
