-- The server's own database after people have stored queries: open and private ones of several
-- owners, some with names that the configuration has rules for.
create table queries (
  database_name text not null,
  name text not null,
  sql text not null,
  title text,
  description text,
  description_html text,
  options text not null default '{}',
  parameters text not null default '[]',
  is_write integer not null default 0 check (is_write in (0, 1)),
  is_private integer not null default 0 check (is_private in (0, 1)),
  is_trusted integer not null default 0 check (is_trusted in (0, 1)),
  source text not null default 'user',
  owner_id text,
  created_at text not null default current_timestamp,
  updated_at text not null default current_timestamp,
  primary key (database_name, name)
);

insert into queries (database_name, name, sql, title, is_write, is_private, is_trusted, source, owner_id)
values
  ('orchard', 'anns_private', 'select 1 as one', null, 0, 1, 0, 'user', 'ann'),
  ('orchard', 'anns_trusted', 'select 2 as two', 'Trusted', 0, 0, 1, 'user', 'ann'),
  ('orchard', 'bens_open', 'select 3 as three', 'Of Ben', 0, 0, 0, 'user', 'ben'),
  ('orchard', 'bens_private', 'select 4 as four', null, 0, 1, 1, 'user', 'ben'),
  ('orchard', 'roots_private', 'select 5 as five', null, 0, 1, 1, 'user', 'root'),
  ('orchard', 'sevens', 'select 6 as six', null, 0, 1, 1, 'user', '7'),
  ('orchard', 'ownerless', 'select 7 as seven', null, 0, 1, 1, 'plugin', null),
  ('orchard', 'plugins', 'select 8 as eight', null, 0, 0, 1, 'plugin', 'ben'),
  ('team', 'bens_plans', 'select 9 as nine', null, 0, 0, 1, 'user', 'ben'),
  ('vault', 'bens_private', 'select 10 as ten', null, 0, 1, 1, 'user', 'ben'),
  ('vault', 'writing', 'insert into boxes (name) values (:name)', null, 1, 0, 1, 'user', 'ann');
