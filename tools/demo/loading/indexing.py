"""Indexes what a load saves once, at its end: a page is saved several times until it is published."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends
from django_tasks.backends.dummy import DummyBackend
from django_tasks.base import Task, TaskResult


class _CollectingBackend(DummyBackend):
    """Keeps Wagtail's tasks (search index, reference index) instead of running them."""

    def __init__(self) -> None:
        super().__init__(DEFAULT_TASK_BACKEND_ALIAS, {})
        self.collected: dict[str, tuple[Task, list[Any], dict[str, Any]]] = {}

    def enqueue(self, task: Task, args: list[Any], kwargs: dict[str, Any]) -> TaskResult:
        self.collected[f"{task.module_path} {args} {kwargs}"] = (task, args, kwargs)
        return super().enqueue(task, args, kwargs)


@contextmanager
def indexed_once() -> Iterator[None]:
    """Run each task that the block enqueues when it ends, equal ones once."""
    usual = task_backends[DEFAULT_TASK_BACKEND_ALIAS]
    collecting = _CollectingBackend()
    task_backends[DEFAULT_TASK_BACKEND_ALIAS] = collecting
    try:
        yield
    finally:
        task_backends[DEFAULT_TASK_BACKEND_ALIAS] = usual
    for task, args, kwargs in collecting.collected.values():
        usual.enqueue(task, args, kwargs)
