-- Tables around the limit of counting: a database of its own, because the index page allows each count
-- 10 ms, and whether that is enough depends on the machine.
create table big (n integer primary key, half integer);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 10005)
insert into big select i, i / 2 from n;
create table big_exact (n integer primary key);
insert into big_exact select n from big where n <= 10001;
create table big_under (n integer primary key);
insert into big_under select n from big where n <= 10000;
