-- One table referenced twice: once naming the target column, once leaving it to the primary key.
create table countries (code text primary key, name text);
insert into countries values ('no', 'Norway'), ('es', 'Spain');
create table trips (
  id integer primary key,
  start text references countries(code),
  finish text references countries
);
insert into trips values (1, 'no', 'es'), (2, 'es', null);
