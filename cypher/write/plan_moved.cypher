// Bring a plan into a state, in a transaction that has locked it and knows that it may go there.
// title: 变更对接方案的状态
// param plan: string -- key of the plan
// param state: string -- the next state
// param announced_at: string -- ISO date and time of the announcement; null keeps what there is
// returns id: string 方案编号
MATCH (p:Plan {id: $plan})
SET p.state = $state, p.announced_at = coalesce($announced_at, p.announced_at)
RETURN p.id AS id
