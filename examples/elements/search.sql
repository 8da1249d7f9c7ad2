-- Full-text search over the elements. The index keeps no copy of the text (external content), so
-- triggers tell it of every change. The server finds it by `content="elements"`, spelled so.

create virtual table elements_fts using fts5 (
  name,
  symbol,
  named_after,
  summary,
  content="elements",
  content_rowid="number",
  tokenize="porter unicode61"
);

create trigger elements_search_insert after insert on elements begin
  insert into elements_fts (rowid, name, symbol, named_after, summary)
  values (new.number, new.name, new.symbol, new.named_after, new.summary);
end;

create trigger elements_search_delete after delete on elements begin
  insert into elements_fts (elements_fts, rowid, name, symbol, named_after, summary)
  values ('delete', old.number, old.name, old.symbol, old.named_after, old.summary);
end;

create trigger elements_search_update after update on elements begin
  insert into elements_fts (elements_fts, rowid, name, symbol, named_after, summary)
  values ('delete', old.number, old.name, old.symbol, old.named_after, old.summary);
  insert into elements_fts (rowid, name, symbol, named_after, summary)
  values (new.number, new.name, new.symbol, new.named_after, new.summary);
end;
