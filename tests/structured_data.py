import json


def things_of(html: str) -> dict[str, dict]:
    """Return the page's objects by type."""
    graph = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    return {thing["@type"]: thing for thing in json.loads(graph)["@graph"]}
