"""A plan that stays the best one while needs and resources come, change and go.

Each event is repaired exactly from the stored prices (see `residual`), with tiers, load limits, locks and
announced promises on; a full new plan has the same value. The practical rules are not part of it: a plan
under them is made anew by `practical`.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from matching.certificate import Plan, Potentials, upper_bound
from matching.instance import LARGEST, NO_COMMUNITY, NO_LIMIT, NO_UNIT, Instance, IntArray, Tier, objective
from matching.network import HUB, Network, blocks, flow_of, free_need, free_resource, network
from matching.residual import Residual


class LivePlan:
    """The best plan of an instance that changes; rows keep their positions, withdrawn ones become 0.

    >>> from matching.flow import solve
    >>> start = Instance.build(need_quantity=[2], resource_capacity=[3], pair_need=[0], pair_resource=[0],
    ...                        pair_weight=[5])
    >>> live = LivePlan(start, solve(start))
    >>> live.add_need(2, {0: 7})
    1
    >>> live.plan().quantity.tolist(), live.plan().value, live.plan().gap
    ([1, 2], 19, 0.0)
    """

    def __init__(self, instance: Instance, plan: Plan) -> None:
        """Start from a proved best plan of `instance`; `ValueError` when its gap is not 0."""
        if plan.value != plan.bound:
            raise ValueError(
                f"a plan worth {plan.value} with bound {plan.bound} is not proved best; solve it exactly"
            )
        self._begin = instance
        self._tiers: tuple[Tier, ...] = instance.tiers
        self._quantity = instance.need_quantity.tolist()
        self._urgency = instance.need_urgency.tolist()
        self._community = instance.need_community.tolist()
        self._capacity = instance.resource_capacity.tolist()
        self._unit = instance.resource_unit.tolist()
        self._limit = instance.unit_limit.tolist()
        self._pair_need = instance.pair_need.tolist()
        self._pair_resource = instance.pair_resource.tolist()
        self._weight = instance.pair_weight.tolist()
        self._locked = instance.locked.tolist()
        self._announced = instance.announced.tolist()
        self._of_need: list[list[int]] = [[] for _ in self._quantity]
        self._of_resource: list[list[int]] = [[] for _ in self._capacity]
        for pair, (need, resource) in enumerate(zip(self._pair_need, self._pair_resource, strict=True)):
            self._of_need[need].append(pair)
            self._of_resource[resource].append(pair)
        self._free_need = free_need(instance).tolist()
        self._free_resource = free_resource(instance).tolist()
        self._demand = [0] * instance.communities
        self._held = [0] * instance.communities
        self._build(network(instance), plan)

    @property
    def last_moves(self) -> int:
        """How many arcs the last event moved flow on: what "the plan churns" means in numbers."""
        return self._net.moved

    def add_need(
        self, quantity: int, weights: Mapping[int, int], community: int = NO_COMMUNITY, urgency: int = 1
    ) -> int:
        """A need arrives, with the weight of a unit per resource that fits; returns its position."""
        self._known("resource", weights, len(self._capacity))
        if not NO_COMMUNITY <= community < len(self._demand):
            raise ValueError(f"community {community} is not one of {len(self._demand)}")
        self._check(quantity, weights.values())
        net, need = self._net, len(self._quantity)
        net.moved = 0
        in_tiers = bool(self._tiers) and community >= 0
        parent = self._communities[community] if in_tiers else HUB
        if in_tiers:
            self._demand[community] += quantity
            self._set_tiers(community)
        # At this price no pair gains, so only the need's own arc is out of order, and is put right last.
        lowest = min((net.potential[self._resources[r]] - w for r, w in weights.items()), default=0)
        node = net.add_node(min(lowest, net.potential[parent]))
        self._quantity.append(quantity)
        self._free_need.append(quantity)
        self._urgency.append(urgency)
        self._community.append(community)
        self._of_need.append([])
        self._needs.append(node)
        self._need_arc.append(net.add_arc(node, parent, 0, 0))
        for resource, weight in sorted(weights.items()):
            self._add_pair(need, resource, weight)
        net.change(self._need_arc[need], quantity, 0)
        return need

    def add_resource(self, capacity: int, weights: Mapping[int, int], unit: int = NO_UNIT) -> int:
        """A resource arrives, with the weight of a unit per need that it fits; returns its position."""
        self._known("need", weights, len(self._quantity))
        if not NO_UNIT <= unit < len(self._limit):
            raise ValueError(f"unit {unit} is not one of {len(self._limit)}")
        self._check(capacity, weights.values())
        net, resource = self._net, len(self._capacity)
        net.moved = 0
        parent = self._units[unit] if unit >= 0 and self._limit[unit] != NO_LIMIT else HUB
        highest = max((net.potential[self._needs[n]] + w for n, w in weights.items()), default=0)
        node = net.add_node(max(highest, net.potential[parent]))
        self._capacity.append(capacity)
        self._free_resource.append(capacity)
        self._unit.append(unit)
        self._of_resource.append([])
        self._resources.append(node)
        self._resource_arc.append(net.add_arc(parent, node, 0, 0))
        for need, weight in sorted(weights.items()):
            self._add_pair(need, resource, weight)
        net.change(self._resource_arc[resource], capacity, 0)
        return resource

    def set_quantity(self, need: int, quantity: int) -> None:
        """A need changes its size; not below what is locked."""
        self._known("need", [need], len(self._quantity))
        locked = sum(self._locked[p] for p in self._of_need[need])
        self._check(quantity, (), least=locked)
        net, community = self._net, self._community[need]
        net.moved = 0
        grows, in_tiers = quantity > self._quantity[need], bool(self._tiers) and community >= 0
        if in_tiers:
            self._demand[community] += quantity - self._quantity[need]
        self._quantity[need] = quantity
        self._free_need[need] = quantity - locked
        # Room grows before the need does and shrinks after it, so that one search finds the way.
        if grows:
            if in_tiers:
                self._set_tiers(community)
            self._set_room(self._of_need[need])
        net.change(self._need_arc[need], quantity - locked, 0)
        if not grows:
            self._set_room(self._of_need[need])
            if in_tiers:
                self._set_tiers(community)

    def set_capacity(self, resource: int, capacity: int) -> None:
        """A resource changes its size; not below what is locked."""
        self._known("resource", [resource], len(self._capacity))
        locked = sum(self._locked[p] for p in self._of_resource[resource])
        self._check(capacity, (), least=locked)
        self._net.moved = 0
        grows = capacity > self._capacity[resource]
        self._capacity[resource] = capacity
        self._free_resource[resource] = capacity - locked
        if grows:
            self._set_room(self._of_resource[resource])
        self._net.change(self._resource_arc[resource], capacity - locked, 0)
        if not grows:
            self._set_room(self._of_resource[resource])

    def withdraw_need(self, need: int) -> None:
        """A need goes; `ValueError` when a part of it is locked."""
        self.set_quantity(need, 0)

    def withdraw_resource(self, resource: int) -> None:
        """A resource goes; `ValueError` when a part of it is locked."""
        self.set_capacity(resource, 0)

    def set_weight(self, need: int, resource: int, weight: int) -> None:
        """A pair becomes worth more or less; `ValueError` when there is no such pair."""
        self._known("need", [need], len(self._quantity))
        pair = next((p for p in self._of_need[need] if self._pair_resource[p] == resource), None)
        if pair is None:
            raise ValueError(f"need {need} and resource {resource} are no pair")
        self._check(0, [weight])
        net = self._net
        net.moved = 0
        told, further = self._announced_arc.get(pair), self._pair_arc[pair]
        if told is not None:
            net.change(told, net.capacity[told], net.weight[told] + weight - self._weight[pair])
        net.change(further, net.capacity[further], weight)
        self._weight[pair] = weight

    def instance(self) -> Instance:
        """The instance as it is now."""
        more = len(self._pair_need) - self._begin.pairs
        new = len(self._quantity) - self._begin.needs
        return Instance.build(
            need_quantity=self._quantity,
            need_urgency=self._urgency,
            need_community=self._community,
            resource_capacity=self._capacity,
            resource_unit=self._unit,
            pair_need=self._pair_need,
            pair_resource=self._pair_resource,
            pair_weight=self._weight,
            locked=self._locked,
            announced=_grown(self._begin.announced, more),
            move_price=_grown(self._begin.move_price, more),
            unit_limit=self._limit,
            communities=self._begin.communities,
            tiers=self._tiers,
            max_parties=_grown(self._begin.max_parties, new),
            minimum_lot=_grown(self._begin.minimum_lot, new),
            all_or_nothing=_grown(self._begin.all_or_nothing, new),
        )

    def plan(self) -> Plan:
        """The best plan of the instance as it is now, with its certificate."""
        instance, net = self.instance(), self._net
        quantity = instance.locked + np.array([net.flow[a] for a in self._pair_arc], np.int64)
        for pair, arc in self._announced_arc.items():
            quantity[pair] += net.flow[arc]
        arcs = network(instance)
        order = [HUB, *self._units, *self._resources, *self._needs, *self._communities]
        potential = np.array([net.potential[node] for node in order], np.int64)
        potential = _settled(instance, arcs, quantity, potential - potential[HUB])
        return Plan(
            quantity,
            Potentials.of(potential, arcs.starts),
            objective(instance, quantity),
            upper_bound(arcs, potential),
            "flow",
        )

    def _build(self, arcs: Network, plan: Plan) -> None:
        """The residual network of the first plan: the same arcs, without room that can never be used."""
        net = self._net = Residual()
        potential = plan.potentials.all.tolist()
        for node in range(1, arcs.nodes):
            net.add_node(potential[node])
        self._units, self._resources, self._needs, self._communities = (
            list(range(a, b)) for a, b in zip(arcs.starts[:-1], arcs.starts[1:], strict=True)
        )
        kinds = blocks(self._begin)
        capacity = arcs.capacity.copy()
        capacity[kinds.further] = np.maximum(capacity[kinds.further] - 1, 0)
        columns = (arcs.tail, arcs.head, capacity, arcs.weight, flow_of(self._begin, arcs, plan.quantity))
        for row in zip(*(column.tolist() for column in columns), strict=True):
            net.add_arc(*row)
        told = arcs.pair[kinds.announced].tolist()
        self._announced_arc = dict(zip(told, _range(kinds.announced), strict=True))
        self._pair_arc = list(_range(kinds.further))
        self._resource_arc = list(_range(kinds.resources))
        self._need_arc = list(_range(kinds.needs))
        for need, community in enumerate(self._community):
            if community >= 0:
                self._demand[community] += self._quantity[need]
                self._held[community] += sum(self._locked[p] for p in self._of_need[need])
        size = len(self._demand)
        self._tier_arcs = [list(_range(kinds.tiers))[g::size] for g in range(size)]

    def _add_pair(self, need: int, resource: int, weight: int) -> None:
        """A pair that gains nothing at the present prices: its empty arc is in order."""
        pair = len(self._pair_need)
        self._pair_need.append(need)
        self._pair_resource.append(resource)
        self._weight.append(weight)
        self._locked.append(0)
        self._of_need[need].append(pair)
        self._of_resource[resource].append(pair)
        room = min(self._free_need[need], self._free_resource[resource])
        self._pair_arc.append(self._net.add_arc(self._resources[resource], self._needs[need], room, weight))

    def _set_room(self, pairs: Iterable[int]) -> None:
        """Each pair's arc has room for what its need still wants and its resource still has."""
        net = self._net
        for pair in pairs:
            arc = self._pair_arc[pair]
            room = min(self._free_need[self._pair_need[pair]], self._free_resource[self._pair_resource[pair]])
            if room != net.capacity[arc]:
                net.change(arc, room, self._weight[pair])
            told = self._announced_arc.get(pair)
            if told is not None:
                net.change(told, self._announced[pair] if room else 0, net.weight[told])

    def _set_tiers(self, community: int) -> None:
        """A community's tiers follow its demand, as `instance.tier_sizes` says."""
        before, held, arcs = 0, self._held[community], self._tier_arcs[community]
        for tier, arc in zip(self._tiers, arcs[:-1], strict=True):
            reach = -(-tier.percent * self._demand[community] // 100)
            taken = min(held, reach - before)
            self._net.change(arc, reach - before - taken, tier.bonus)
            before, held = reach, held - taken
        self._net.change(arcs[-1], self._demand[community] - before - held, 0)

    @staticmethod
    def _known(side: str, rows: Iterable[int], size: int) -> None:
        for row in rows:
            if not 0 <= row < size:
                raise ValueError(f"{side} {row} is not one of {size}")

    @staticmethod
    def _check(units: int, weights: Iterable[int], least: int = 0) -> None:
        if not least <= units <= LARGEST:
            raise ValueError(f"{units} units: {least} (what is locked) to {LARGEST} are allowed")
        for weight in weights:
            if not 1 <= weight <= LARGEST:
                raise ValueError(f"weight {weight}: 1 to {LARGEST} are allowed")


def _range(block: slice) -> range:
    return range(block.start, block.stop)


def _grown(column: IntArray, rows: int) -> IntArray:
    return np.concatenate((column, np.zeros(rows, np.int64)))


def _settled(instance: Instance, arcs: Network, quantity: IntArray, potential: IntArray) -> IntArray:
    """Prices under which no pair's further units gain, as a plan made anew has them.

    Such a pair fills its need or its resource alone; that one's price can take the gain.
    """
    further = blocks(instance).further
    gain = arcs.weight[further] - potential[arcs.tail[further]] + potential[arcs.head[further]]
    settled = potential.copy()
    wanted = free_need(instance)
    for pair in np.flatnonzero((gain > 0) & (arcs.capacity[further] > 0)).tolist():
        need = instance.pair_need[pair]
        if quantity[pair] - instance.locked[pair] == wanted[need]:
            settled[arcs.starts[2] + need] -= gain[pair]
        else:
            settled[arcs.starts[1] + instance.pair_resource[pair]] += gain[pair]
    return settled
