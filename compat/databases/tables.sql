-- Tables whose schemas are changed by scenarios: every kind of constraint, index and reference.
create table owners (id integer primary key, name text not null, age integer default 30, email text);
insert into owners values (1, 'Ann', 30, 'ann@example.org'), (2, 'Ben', null, ''), (3, 'Cleo', 41, 'x');
create table breeds (code text primary key, title text);
insert into breeds values ('lab', 'Labrador'), ('pug', 'Pug');
create table dogs (
  id integer primary key autoincrement, -- the number on the collar
  /* what it is called */ name text not null,
  owner_id integer references owners(id) on delete cascade,
  breed text references breeds,
  weight real check (weight > 0), /* in kilograms */
  unique (name, owner_id),
  constraint named check (length(name) < 40)
);
insert into dogs (id, name, owner_id, breed, weight) values
  (7, 'Rex', 1, 'lab', 30.5), (8, 'Tim', 1, 'pug', 8), (9, 'Ada', 2, null, null);
create index dogs_owner on dogs(owner_id);
create index dogs_breed on dogs(breed collate nocase desc, name);
create table pairs (a text, b text, note text default 'none', primary key (b, a));
insert into pairs values ('x', 'y', 'one'), ('x', 'z', '');
create table loose (one text, two integer, three blob);
insert into loose (rowid, one, two, three) values (5, '12', 1, x'00'), (9, '', 2, null);
create table strict_one (id integer primary key, word text, size real) strict;
insert into strict_one values (1, 'a', 1.5);
create table compound (
  id integer primary key, pair_a text, pair_b text,
  foreign key (pair_a, pair_b) references pairs(b, a) on update cascade,
  foreign key (id) references owners(id)
);
insert into compound values (1, 'y', 'x');
create table parents (id integer primary key, parent integer references parents(id));
insert into parents values (1, null), (2, 1);
create table defaults_of_all (
  id integer primary key, a text default 'it''s', b integer default 5, c text default CURRENT_TIMESTAMP,
  d text default (lower('X')), e text default NULL, f integer not null default -3
);
insert into defaults_of_all (id, c) values (1, '2024-01-01');
create table empty_one (id integer primary key, word text unique on conflict ignore, n integer);
create table docs (id integer primary key, title text, body text);
insert into docs values (1, 'First', 'hello world');
create virtual table docs_fts using fts5(title, body, content="docs", content_rowid="id");
insert into docs_fts(docs_fts) values ('rebuild');
create table posts (id integer primary key, body text);
insert into posts values (1, 'hello');
create virtual table posts_fts using fts4(body, content=[posts]);
create table quoted (id integer primary key, body text);
create virtual table quoted_fts using fts5(body, content='quoted', content_rowid='id');
create table "select" ("from" text, "a ""b""" integer);
insert into "select" values ('x', 1);
create view old_dogs as select id, name from dogs;
