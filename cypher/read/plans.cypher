// The plans that are kept for an area, a part of it or an area around it, the newest first.
// title: 对接方案
// subject: 对接
// param scope: area -- key of the area
// returns plan: string 方案编号 -- key
// returns area_id: string 范围编号 -- key of the area whose needs it serves
// returns area: string 范围 -- name
// returns state: Plan.state
// returns made_at: Plan.made_at
// returns announced_at: Plan.announced_at
// returns method: Plan.method
// returns value: Plan.value
// returns bound: Plan.bound
// returns gap: Plan.gap
// returns m3_gap: Plan.m3_gap
// route: GET /api/plans
CALL () {
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a:District|Street|Community|Estate|Grid|Building)
  RETURN a
  UNION
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})-[:PART_OF*1..4]->(a:District|Street|Community|Estate)
  RETURN a
}
MATCH (p:Plan {scope: a.id})
RETURN p.id AS plan, a.id AS area_id, a.name AS area, p.state AS state, p.made_at AS made_at,
  p.announced_at AS announced_at, p.method AS method, p.value AS value, p.bound AS bound, p.gap AS gap,
  p.m3_gap AS m3_gap
ORDER BY made_at DESC, plan
