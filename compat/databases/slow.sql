-- A table whose rows take their time: the index reads its content from a view that must be computed
-- and sorted before its first row. The number of rows stays, so the exact count is known.
create view numbers as
  with recursive n(i) as (select 1 union all select i + 1 from n where i < 1500000)
  select i, 'text ' || i as body from n;

create virtual table late using fts5(body, content='numbers', content_rowid='i');

create table few (id integer primary key, name text);
insert into few (name) values ('one'), ('two');

create table related (id integer primary key, few_id integer references few(id), other_id integer references few(id));
