-- What hunts found: keys, references and names that are allowed and that nobody expects.
create table "blank column" (id integer primary key, "" text, kind text);
insert into "blank column" values (1, 'x', 'a'), (2, 'y', 'a'), (3, 'x', 'b');
create table blob_keys (part integer, key blob, n integer, primary key (part, key)) without rowid;
insert into blob_keys values (1, x'', 1), (1, x'00ff', 2), (1, x'6974277320226f6b22', 3), (2, x'68690a', 4);
create table null_keys (a text, b integer, n integer, primary key (a, b));
insert into null_keys values (null, 1, 1), ('None', 1, 2), ('', 1, 3), (null, 2, 4);
create table blobs_inside (id integer primary key, data blob, name blob);
insert into blobs_inside values (1, x'00ff10', x'6869'), (2, x'00ff10', null), (3, x'c3a9', x''), (4, 'text', 'text');
create view blob_view as select id, data from blobs_inside;
create view rowid_view as select rowid as rowid, name, data from blobs_inside;
-- The target of a reference that names a column which does not exist, and one without labels.
create table plain (id integer primary key, a text, b text);
insert into plain values (1, 'one', 'x'), (2, 'two', 'y');
create table refers (
  id integer primary key,
  plain integer references plain(id),
  missing integer references plain("missing column"),
  named integer references blobs_inside(id),
  bytes blob references plain(id)
);
insert into refers values (1, 1, 1, 1, x'ff'), (2, 7, 2, 2, null), (3, null, null, 4, 'a');
-- A rowid table that others refer to.
create table loose (name text, n integer);
insert into loose values ('a', 1), ('b', 2);
create table refers_to_loose (id integer primary key, name text references loose(name), again integer references loose(n));
insert into refers_to_loose values (1, 'a', 1), (2, '1', 2);
-- The name that suggestions of facets give to what they count.
create table counted (id integer primary key, value text, kind text);
insert into counted values (1, 'a', 'x'), (2, 'b', 'x'), (3, 'c', 'y'), (4, 'd', 'y');
create table reals (id integer primary key, r real);
insert into reals values (1, 1e300), (2, 5e-324), (3, 9e999), (4, -9e999), (5, 1e16);
