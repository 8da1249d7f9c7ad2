-- What a server keeps in its own database after people have stored queries; the tables that it
-- finds missing it makes itself.
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

insert into queries (database_name, name, sql, title, description, options, parameters, is_write, is_private, is_trusted, source, owner_id)
values
  ('fixtures', 'anns_own', 'select name from plants order by id limit 2', 'Ann''s own', null, '{}', '[]', 0, 1, 0, 'user', 'ann'),
  ('fixtures', 'anns_open', 'select name from plants where id = :id', null, 'Found by <id>', '{}', '["id"]', 0, 0, 0, 'user', 'ann'),
  ('fixtures', 'anns_note', 'insert into notes (body) values (:body)', 'Write a note', null, '{"on_success_message": "Noted"}', '["body"]', 1, 1, 0, 'user', 'ann'),
  ('fixtures', 'bens', 'select 100 % 7 as rest', null, null, '{"hide_sql": true, "fragment": "a b"}', '[]', 0, 0, 0, 'user', 'ben'),
  ('fixtures', 'from_plugin', 'select count(*) as plants from plants', 'Plants', null, '{}', '[]', 0, 0, 1, 'plugin', null),
  ('fixtures', 'nobodys', 'select 1 as one', '', null, '{}', '[]', 0, 1, 0, 'user', null),
  ('fixtures', 'under_score', 'select ''a_b'' as text', null, null, '{}', '[]', 0, 0, 0, 'user', 'ann'),
  ('shop', 'cheap', 'select name from products where price < :price', 'Cheap things', null, '{}', '[]', 0, 0, 0, 'user', 'ben'),
  ('shop', 'Dear', 'select name from products where price > 50', null, null, '{}', '[]', 0, 0, 1, 'user', 'ann'),
  ('gone', 'lost', 'select 1', null, null, '{}', '[]', 0, 0, 0, 'user', 'ann');
