-- A second database, for commands that name two.

create table users (id integer primary key, login text);
insert into users values (1, 'percy'), (2, 'sharon');
create view logins as select login from users;
