-- Names that break careless quoting, encoding or escaping. Every table has a key, so that row pages
-- exist, and a second row, so that sorting and paging do something.
create table "with space" ("id" integer primary key, "a b" text, "c'd" text, "e""f" text);
insert into "with space" values (1, 'x', 'y', 'z'), (2, '<b>', '&', '"');
create table "quote'single" (id integer primary key, "it's" text);
insert into "quote'single" values (1, 'a'), (2, 'b');
create table "quote""double" (id integer primary key, "say ""hi""" text);
insert into "quote""double" values (1, 'a'), (2, 'b');
create table "square[brackets]" (id integer primary key, "[a]" text, "b]c" text);
insert into "square[brackets]" values (1, 'a', 'b'), (2, 'c', 'd');
create table "slash/es" (id integer primary key, "a/b" text);
insert into "slash/es" values (1, 'a'), (2, 'b');
create table "back\slash" (id integer primary key, "a\b" text);
insert into "back\slash" values (1, 'a'), (2, 'b');
create table "new
line" (id integer primary key, "a
b" text);
insert into "new
line" values (1, 'a'), (2, 'b');
create table "emoji😀" (id integer primary key, "é中" text);
insert into "emoji😀" values (1, 'a'), (2, 'b');
create table "per%cent" (id integer primary key, "50%" text, "%41" text);
insert into "per%cent" values (1, 'a', 'b'), (2, 'c', 'd');
create table "til~de" (id integer primary key, "~7E" text);
insert into "til~de" values (1, 'a'), (2, 'b');
create table "com,ma" (id integer primary key, "a,b" text);
insert into "com,ma" values (1, 'a'), (2, 'b');
create table "dot.ted" (id integer primary key, "a.b" text);
insert into "dot.ted" values (1, 'a'), (2, 'b');
create table "dot.json" (id integer primary key, a text);
insert into "dot.json" values (1, 'a'), (2, 'b');
create table "pl+us" (id integer primary key, "a+b" text);
insert into "pl+us" values (1, 'a'), (2, 'b');
create table "semi;colon" (id integer primary key, "a;b" text);
insert into "semi;colon" values (1, 'a'), (2, 'b');
create table "com--ment" (id integer primary key, "a--b" text, "/*c*/" text);
insert into "com--ment" values (1, 'a', 'b'), (2, 'c', 'd');
create table "amp&er=sand?#" (id integer primary key, "a&b=c" text, "d?e#f" text);
insert into "amp&er=sand?#" values (1, 'a', 'b'), (2, 'c', 'd');
create table "<b>html</b>" (id integer primary key, "<i>x</i>" text);
insert into "<b>html</b>" values (1, '<u>1</u>'), (2, '&lt;');
create table "select" (id integer primary key, "from" text, "where" text, "order" text);
insert into "select" values (1, 'a', 'b', 'c'), (2, 'd', 'e', 'f');
create table "123 digits" (id integer primary key, "1" text, "2x" text);
insert into "123 digits" values (1, 'a', 'b'), (2, 'c', 'd');
create table "-dash-" (id integer primary key, "-" text, "-x" text);
insert into "-dash-" values (1, 'a', 'b'), (2, 'c', 'd');
create table "under__score" (id integer primary key, "a__gt" text, "b__c__exact" text, "__x" text);
insert into "under__score" values (1, 'a', 'b', 'c'), (2, 'd', 'e', 'f');
create table " leading and trailing " (id integer primary key, " x " text);
insert into " leading and trailing " values (1, 'a'), (2, 'b');
create table "colon:name" (id integer primary key, ":p0" text, "@a" text, "$b" text);
insert into "colon:name" values (1, 'a', 'b', 'c'), (2, 'd', 'e', 'f');
create table "long_table_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" (id integer primary key, "long_column_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" text);
insert into "long_table_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" values (1, 'a'), (2, 'b');
-- Keys and references with such names.
create table "key of it" ("the key" text primary key, "name" text);
insert into "key of it" values ('a b/c', 'A'), ('d''e"f', 'D'), ('~7E%41', 'T');
create table "points at it" (
  id integer primary key,
  "its key" text references "key of it"("the key"),
  "[odd] one" text references "key of it"("the key")
);
insert into "points at it" values (1, 'a b/c', 'd''e"f'), (2, '~7E%41', null);
create table "no key at all" ("x y" text, "z.w" text);
insert into "no key at all" values ('1', '2'), ('3', '4');
create view "view of 'it'" as select "the key", name as "a name" from "key of it";
create table "searched things" (id integer primary key, "the text" text);
insert into "searched things" values (1, 'apple pie'), (2, 'cherry pie');
create virtual table "searched things_fts" using fts5("the text", content="searched things", content_rowid="id");
insert into "searched things_fts"(rowid, "the text") select id, "the text" from "searched things";
create index "an ""odd"" index" on "with space"("a b");
