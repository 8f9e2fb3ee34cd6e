"""One address of every page type that anybody may read, in the demo content."""

PAGE_TYPES = {
    "home": "/",
    "article index": "/articles/",
    "category": "/articles/category/symptoms/",
    "tag": "/articles/tag/tiredness/",
    "article": "/articles/always-tired/",
    "article without offer": "/articles/neck-pain-and-dry-needling/",
    "question index": "/questions/",
    "questions found": "/questions/?q=privacy",
    "FAQ page": "/questions/before-you-buy/",
    "package index": "/health-checks/",
    "package": "/health-checks/essential-check/",
    "people": "/people/",
    "plain page": "/about/",
    "search": "/search/",
    "search with results": "/search/?q=iron",
    "search without results": "/search/?q=zzzz",
    "empty basket": "/basket/",
}
MISSING = "/there-is-no-such-page/"
