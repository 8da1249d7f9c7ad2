-- What the commands of the documentation talk about: tables and views with the columns they name.

create table categories (id integer primary key, name text, colour text);
insert into categories values (1, 'Tools', 'grey'), (2, 'Plants', 'green'), (3, 'Food', null);

create table example_table (
  id integer primary key,
  title text,
  created text,
  height real,
  weight real,
  website text,
  contact text,
  extra_data text,
  tags text,
  column1 text,
  column2 integer,
  category_id integer references categories(id)
);
insert into example_table values
  (1, 'Spade', '2024-03-05 10:00:00', 1.2, 2.5, 'https://example.com/spade', 'ann@example.com', '{"a": 1}', '["iron", "wood"]', 'one', 10, 1),
  (2, 'Fern', '2024-03-01 09:30:00', 0.5, 0.2, 'https://example.com/fern', 'ben@example.com', '{"b": [1, 2]}', '["green"]', 'two', 20, 2),
  (3, 'Bread', '2024-03-05 08:15:00', 0.1, 0.8, null, null, null, '["wheat", "green"]', 'three', 30, 3),
  (4, 'Rake <b>', '2024-02-28 07:00:00', 1.6, 1.9, 'not an address', '', '[]', '[]', 'four', null, 1);

create table numbers (id integer primary key, doubled integer, word text);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 250)
insert into numbers select i, i * 2, 'word ' || (i % 40) from n;

create table "Food Trucks" (id integer primary key, name text, state text);
insert into "Food Trucks" values (1, 'Taco Bus', 'CA'), (2, 'Soup Van', 'MI'), (3, 'Pie Cart', 'CA');

create table Street_Tree_List (
  TreeID integer primary key,
  qLegalStatus text,
  qSpecies integer references Species(id),
  PermitNotes text
);
create table Species (id integer primary key, value text);
insert into Species values (1, 'Myoporum laetum'), (2, 'Metrosideros excelsa'), (3, 'Pinus radiata');
insert into Street_Tree_List values
  (10, 'Permitted Site', 1, 'Permit Number 25401'),
  (11, 'DPW Maintained', 2, null),
  (12, 'DPW Maintained', 1, 'Permit Number 25402'),
  (13, 'Private', 3, '');
create view demo_view as select qSpecies from Street_Tree_List;

create table visits (id integer primary key, clicks integer, impressions integer);
insert into visits values (1, 5, 50), (2, 3, 90), (3, 8, 10);
create view name_of_view as select id, clicks, impressions from visits;

create table items (id integer primary key, name text, description text);
insert into items values
  (1, 'robust hamper', 'A basket of cheese'),
  (2, 'small robin', 'A bird'),
  (3, 'Sarah', 'Mentioned by name, with a hamper');
create virtual table items_fts using fts4 (name, description, content="items");
insert into items_fts (rowid, name, description) select rowid, name, description from items;

create table ads (id integer primary key, text text, shown integer);
insert into ads values (1, 'cats and dogs', 1), (2, 'dogs only', 1), (3, 'hidden cats', 0);
create virtual table ads_fts using fts5 (text, content="ads");
insert into ads_fts (rowid, text) select id, text from ads;
create view display_ads as select id, text from ads where shown;

create table names (id integer primary key, name text);
create table messages (id integer primary key, user_id text, message text, datetime text);
