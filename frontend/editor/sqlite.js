// SQLite's SQL for the editor: its words, its ways to quote names, its functions.
import { SQLDialect, keywordCompletionSource } from "@codemirror/lang-sql";
import { completeFromList, ifNotIn } from "@codemirror/autocomplete";

// https://www.sqlite.org/lang_keywords.html
export const KEYWORDS =
  "abort action add after all alter always analyze and as asc attach autoincrement before begin between by cascade " +
  "case cast check collate column commit conflict constraint create cross current current_date current_time " +
  "current_timestamp database default deferrable deferred delete desc detach distinct do drop each else end escape " +
  "except exclude exclusive exists explain fail filter first following for foreign from full generated glob group " +
  "groups having if ignore immediate in index indexed initially inner insert instead intersect into is isnull join " +
  "key last left like limit match materialized natural no not nothing notnull nulls of offset on or order others " +
  "outer over partition plan pragma preceding primary query raise range recursive references regexp reindex release " +
  "rename replace restrict returning right rollback row rows savepoint select set table temp temporary then ties to " +
  "transaction trigger unbounded union unique update using vacuum values view virtual when where window with without";

const TYPES = "any blob integer numeric real text";

// Scalar, aggregate, window, date, JSON and mathematical functions, and those of full-text search.
const FUNCTIONS =
  "abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling char coalesce concat concat_ws cos cosh count " +
  "cume_dist date datetime degrees dense_rank exp first_value floor format group_concat hex highlight ifnull iif instr " +
  "json json_array json_array_length json_each json_error_position json_extract json_group_array json_group_object " +
  "json_insert json_object json_patch json_quote json_remove json_replace json_set json_tree json_type json_valid " +
  "julianday lag last_value lead length likelihood likely ln log log10 log2 lower ltrim max min mod nth_value ntile " +
  "nullif octet_length percent_rank pi pow power printf quote radians random randomblob rank replace round row_number " +
  "rtrim sign sin sinh snippet soundex sqlite_version sqrt string_agg strftime substr substring sum tan tanh time " +
  "timediff total trim trunc typeof unhex unicode unixepoch unlikely upper zeroblob";

// Functions are not among the words: columns called `date` or `rank` are common.
export const SQLite = SQLDialect.define({
  keywords: KEYWORDS,
  types: TYPES,
  operatorChars: "*+-%<>!=&|/~",
  identifierQuotes: '"`[',
  specialVar: "@:?$",
});

/** Where no word of SQL is wanted: in texts and comments, and behind a dot. */
export const ELSEWHERE = ["String", "LineComment", "BlockComment", "."];

export const completeKeywords = keywordCompletionSource(SQLite);

export const completeFunctions = ifNotIn(
  [...ELSEWHERE, "QuotedIdentifier"],
  completeFromList(FUNCTIONS.split(" ").map((label) => ({ label, type: "function", boost: -2 })))
);
