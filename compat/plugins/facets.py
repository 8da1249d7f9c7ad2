"""Kinds of facets."""

from datasette import hookimpl
from datasette.facets import Facet
from datasette.utils import path_with_added_args, path_with_removed_args


class FirstLetter(Facet):
    """Rows by the first letter of a column: `_facet_letter=name`."""

    type = "letter"

    async def suggest(self):
        columns = await self.get_columns(self.sql, self.params)
        already = [config["config"]["simple"] for config in self.get_configs() if "simple" in config["config"]]
        return [
            {
                "name": column,
                "type": "letter",
                "extra": len(columns),
                "toggle_url": self.ds.absolute_url(
                    self.request, path_with_added_args(self.request, {"_facet_letter": column})
                ),
            }
            for column in columns
            if column == "name" and column not in already
        ]

    async def facet_results(self):
        results = []
        for config in self.get_configs():
            column = config["config"].get("column") or config["config"]["simple"]
            rows = await self.ds.execute(
                self.database,
                f'select substr("{column}", 1, 1) as letter, count(*) as n from ({self.sql}) group by 1 order by 2 desc, 1',
                self.params,
            )
            results.append(
                {
                    "name": column,
                    "type": self.type,
                    "hideable": config["source"] != "metadata",
                    "toggle_url": path_with_removed_args(self.request, {"_facet_letter": column}),
                    "results": [
                        {
                            "value": row["letter"],
                            "label": f"{row['letter']} <of> {self.row_count}",
                            "count": row["n"],
                            "toggle_url": self.ds.absolute_url(
                                self.request, path_with_added_args(self.request, {"letter": row["letter"]})
                            ),
                            "selected": row["letter"] == self.request.args.get("letter"),
                        }
                        for row in rows
                    ],
                    "truncated": False,
                }
            )
        return results, []


class Slow(Facet):
    """Never in time: `_facet_slow=name`."""

    type = "slow"

    async def suggest(self):
        return []

    async def facet_results(self):
        return {}, [config["config"]["simple"] for config in self.get_configs()]


class Failing(Facet):
    """Fails where it is asked for: `_facet_failing=1`."""

    type = "failing"

    async def suggest(self):
        if self.request.args.get("_suggest_failing"):
            raise ValueError("no suggestions")
        return []

    async def facet_results(self):
        if self.get_configs():
            raise ValueError("no facets")
        return [], []


@hookimpl
def register_facet_classes():
    return (FirstLetter, Slow, Failing)
