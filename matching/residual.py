"""A circulation that can be changed arc by arc and stays the best one all the time.

Out-of-kilter repair: when an arc's capacity or weight changes, it is filled or emptied as its price says,
and what is then too much at one end and missing at the other travels along the cheapest residual path
(Dijkstra on reduced weights, which the potentials keep from being negative). Whole numbers throughout.
"""

from heapq import heappop, heappush

from matching.network import HUB

_FAR = 2**62


class Residual:
    """Arcs and nodes as growing lists; between calls the flow is optimal and `potential` proves it.

    Per arc: `tail`, `head`, `capacity`, `weight`, `flow`. Per node: `potential` and the arcs that `leave`
    and `enter` it. Node 0 is the hub.
    """

    def __init__(self) -> None:
        self.tail: list[int] = []
        self.head: list[int] = []
        self.capacity: list[int] = []
        self.weight: list[int] = []
        self.flow: list[int] = []
        self.potential: list[int] = [0]
        self.leave: list[list[int]] = [[]]
        self.enter: list[list[int]] = [[]]
        self.moved = 0
        """How many arcs the last change moved flow on."""

    def add_node(self, potential: int) -> int:
        """A new node without arcs."""
        self.potential.append(potential)
        self.leave.append([])
        self.enter.append([])
        return len(self.potential) - 1

    def add_arc(self, tail: int, head: int, capacity: int, weight: int, flow: int = 0) -> int:
        """A new arc; its `flow` must suit the potentials, else call `change` afterwards."""
        self.tail.append(tail)
        self.head.append(head)
        self.capacity.append(capacity)
        self.weight.append(weight)
        self.flow.append(flow)
        arc = len(self.tail) - 1
        self.leave[tail].append(arc)
        self.enter[head].append(arc)
        return arc

    def reduced(self, arc: int) -> int:
        """What a unit on the arc gains beyond what its ends' potentials say."""
        return self.weight[arc] - self.potential[self.tail[arc]] + self.potential[self.head[arc]]

    def change(self, arc: int, capacity: int, weight: int) -> None:
        """Give an arc a new capacity and weight, and repair the flow to the best one again."""
        self.capacity[arc], self.weight[arc] = capacity, weight
        gain = self.reduced(arc)
        wanted = capacity if gain > 0 else 0 if gain < 0 else min(self.flow[arc], capacity)
        more = wanted - self.flow[arc]
        self.flow[arc] = wanted
        if more > 0:
            self._route(self.head[arc], self.tail[arc], more)
        elif more < 0:
            self._route(self.tail[arc], self.head[arc], -more)

    def _route(self, start: int, end: int, units: int) -> None:
        """Bring what is too much at `start` to where it is missing, by way of the hub if that is nearer.

        Two searches that end at the hub, instead of one that may pass it, never look at its many arcs.
        """
        at_hub = units if start == HUB else self._send(start, (end, HUB), units, forward=True)
        if end != HUB and at_hub:
            self._send(end, (HUB, HUB), at_hub, forward=False)

    def _send(self, start: int, ends: tuple[int, int], units: int, *, forward: bool) -> int:
        """Move units between `start` and the nearest of two ends; how many went to the second one."""
        at_second = 0
        while units:
            path, end = self._path(start, ends, forward=forward)
            room = min(
                self.capacity[arc] - self.flow[arc] if along else self.flow[arc] for arc, along in path
            )
            room = min(room, units)
            for arc, along in path:
                self.flow[arc] += room if along else -room
            self.moved += len(path)
            units -= room
            if end == ends[1]:
                at_second += room
        return at_second

    def _path(
        self, start: int, ends: tuple[int, int], *, forward: bool
    ) -> tuple[list[tuple[int, bool]], int]:
        """The cheapest residual path to the nearest end as (arc, along it), and that end; potentials follow.

        The search begins at `start` and follows the residual arcs, or goes against them when not `forward`.
        """
        potential, flow, capacity, weight = self.potential, self.flow, self.capacity, self.weight
        sign = 1 if forward else -1
        ahead, behind = (self.leave, self.enter) if forward else (self.enter, self.leave)
        near_end, far_end = (self.tail, self.head) if forward else (self.head, self.tail)
        distance, came = {start: 0}, dict[int, tuple[int, bool]]()
        done: dict[int, int] = {}
        heap, far, node, nearest = [(0, start)], 0, start, _FAR
        while heap:
            far, node = heappop(heap)
            if node in done:
                continue
            if node in ends:
                break
            done[node] = far
            base = far + sign * potential[node]
            for arcs, others, along in ((ahead[node], far_end, True), (behind[node], near_end, False)):
                for arc in arcs:
                    if flow[arc] < capacity[arc] if along else flow[arc] > 0:
                        other = others[arc]
                        there = base - sign * potential[other] + (-weight[arc] if along else weight[arc])
                        # Beyond an end that is already in sight nothing is of use.
                        if there < nearest and there < distance.get(other, nearest):
                            distance[other], came[other] = there, (arc, along)
                            heappush(heap, (there, other))
                            if other in ends:
                                nearest = there
        else:
            raise RuntimeError("no residual path: the circulation was not balanced")
        for passed, near in done.items():
            potential[passed] += sign * (near - far)
        end, path = node, list[tuple[int, bool]]()
        while node != start:
            arc, along = came[node]
            path.append((arc, along))
            node = near_end[arc] if along else far_end[arc]
        return path, end
