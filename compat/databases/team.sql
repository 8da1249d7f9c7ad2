-- For staff.
create table plans (id integer primary key, name text);
create table rota (day text, who text, primary key (day, who));
insert into plans values (1, 'Plan A'), (2, 'Plan B');
insert into rota values ('mon', 'ann'), ('tue', 'ben');
