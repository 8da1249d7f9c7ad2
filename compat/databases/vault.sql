-- A closed database with one open table.
create table jewels (id integer primary key, name text, box integer references boxes(id));
create table boxes (id integer primary key, name text);
create table window (id integer primary key, jewel integer references jewels(id));
insert into boxes values (1, 'Iron box'), (2, 'Oak box');
insert into jewels values (1, 'Ruby', 1), (2, 'Opal', 2);
insert into window values (1, 1), (2, 2);
create view shine as select name from jewels;
