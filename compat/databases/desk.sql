-- What statements that write can meet: triggers of every kind, views that can be written, tables of
-- modules, odd names.
create table dogs (id integer primary key, name text not null unique, age integer check (age < 40));
create table log (what text, who text);
create trigger dogs_are_logged after insert on dogs begin
  insert into log values ('insert', new.name);
end;
create trigger ages_are_logged after update of age on dogs when new.age is not old.age begin
  insert into log select 'age', name from dogs where id = new.id;
  delete from log where what = 'stale';
end;
create table plain (a, b);
create table secret (word text, weight real);
create table codes (code text primary key, meaning text) without rowid;
create table "sp ace" ("a b" text, "select" text, "1st" text, "é" text);
create table "quo""te" (x);
create table pragma_own (x);
create table locked (id integer primary key, note text);
create trigger nobody_deletes before delete on locked begin select raise(abort, 'this stays'); end;
create trigger some_are_ignored before insert on locked when new.note = 'skip' begin select raise(ignore); end;
create table sums (a integer, b integer, total integer generated always as (a + b) stored, diff generated always as (a - b));
create table blobs (id integer primary key, data blob);
create table many (n integer);
create index many_n on many (n);
create table keyed (a text, b text, c, primary key (a, b));
create view dog_names as select id, name from dogs;
create view dog_words as select name || ' ' || word as both from dogs, secret;
create trigger dog_names_insert instead of insert on dog_names begin
  insert into dogs (name) values (new.name);
end;
create trigger dog_names_delete instead of delete on dog_names begin
  delete from dogs where id = old.id;
  insert into secret (word) values (old.name);
end;
create table pages (id integer primary key, body text);
create virtual table pages_fts using fts5 (body, content = 'pages', content_rowid = 'id');
create trigger pages_are_indexed after insert on pages begin
  insert into pages_fts (rowid, body) values (new.id, new.body);
end;
create virtual table words using fts5 (word);
create virtual table old_words using fts4 (word);
create virtual table boxes using rtree (id, low, high);

insert into dogs (id, name, age) values (1, 'Ada', 3), (2, 'Bo', 5), (3, 'Cy', 7);
delete from log;
insert into plain values (1, 'one'), (2, 'two'), (3, null);
insert into secret values ('hush', 1.5), ('quiet', 2.5);
insert into codes values ('a/b', 'slash'), ('c d', 'space');
insert into blobs values (1, x'00ff10'), (2, null);
with recursive c(n) as (select 1 union all select n + 1 from c limit 30) insert into many select n from c;
insert into keyed values ('x', 'y', 1), ('x/y', '.z', 2);
insert into words values ('alpha beta'), ('gamma');
insert into boxes values (1, 0, 2);
insert into sums (a, b) values (1, 2);
