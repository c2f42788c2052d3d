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
        # Those of them that carry flow: few, and all that a search can go against.
        self._sends: list[dict[int, None]] = [{}]
        self._takes: list[dict[int, None]] = [{}]
        self.moved = 0
        """How many arcs the last change moved flow on."""

    def add_node(self, potential: int) -> int:
        """A new node without arcs."""
        self.potential.append(potential)
        self.leave.append([])
        self.enter.append([])
        self._sends.append({})
        self._takes.append({})
        return len(self.potential) - 1

    def add_arc(self, tail: int, head: int, capacity: int, weight: int, flow: int = 0) -> int:
        """A new arc; its `flow` must suit the potentials, else call `change` afterwards."""
        self.tail.append(tail)
        self.head.append(head)
        self.capacity.append(capacity)
        self.weight.append(weight)
        self.flow.append(0)
        arc = len(self.tail) - 1
        self.leave[tail].append(arc)
        self.enter[head].append(arc)
        self._carry(arc, flow)
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
        self._carry(arc, wanted)
        if more > 0:
            self._route(self.head[arc], self.tail[arc], more)
        elif more < 0:
            self._route(self.tail[arc], self.head[arc], -more)

    def _carry(self, arc: int, units: int) -> None:
        if units and not self.flow[arc]:
            self._sends[self.tail[arc]][arc] = self._takes[self.head[arc]][arc] = None
        elif self.flow[arc] and not units:
            del self._sends[self.tail[arc]][arc], self._takes[self.head[arc]][arc]
        self.flow[arc] = units

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
                self._carry(arc, self.flow[arc] + (room if along else -room))
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
        ahead, behind = (self.leave, self._takes) if forward else (self.enter, self._sends)
        near_end, far_end = (self.tail, self.head) if forward else (self.head, self.tail)
        distance, came = {start: 0}, dict[int, int]()
        done: dict[int, int] = {}
        # An entry is a distance and a node in one number, and an arc that is passed against its direction is written
        # ~arc: the search is mostly comparing these, and whole numbers compare in half the time of pairs.
        bits = len(potential).bit_length()
        mask = (1 << bits) - 1
        heap, far, node, nearest = [start], 0, start, _FAR
        while heap:
            entry = heappop(heap)
            far, node = entry >> bits, entry & mask
            if node in done:
                continue
            if node in ends:
                break
            done[node] = far
            base = far + sign * potential[node]
            for arc in ahead[node]:
                if flow[arc] < capacity[arc]:
                    other = far_end[arc]
                    there = base - sign * potential[other] - weight[arc]
                    # Beyond an end that is already in sight nothing is of use.
                    if there < nearest and there < distance.get(other, nearest):
                        distance[other], came[other] = there, arc
                        heappush(heap, there << bits | other)
                        if other in ends:
                            nearest = there
            for arc in behind[node]:
                other = near_end[arc]
                there = base - sign * potential[other] + weight[arc]
                if there < nearest and there < distance.get(other, nearest):
                    distance[other], came[other] = there, ~arc
                    heappush(heap, there << bits | other)
                    if other in ends:
                        nearest = there
        else:
            raise RuntimeError("no residual path: the circulation was not balanced")
        for passed, near in done.items():
            potential[passed] += sign * (near - far)
        return self._steps(came, start, node, forward=forward), node

    def _steps(self, came: dict[int, int], start: int, end: int, *, forward: bool) -> list[tuple[int, bool]]:
        """The path of a search from its `start` to `end`, the last step first."""
        near_end, far_end = (self.tail, self.head) if forward else (self.head, self.tail)
        node, path = end, list[tuple[int, bool]]()
        while node != start:
            step = came[node]
            arc, along = (step, True) if step >= 0 else (~step, False)
            path.append((arc, along))
            node = near_end[arc] if along else far_end[arc]
        return path
