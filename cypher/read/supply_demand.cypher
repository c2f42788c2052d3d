// Where needs of each wide category were raised, and from which wide category of resources a project met them: needs that were neither merged, withdrawn nor sent back, each counted once. Without a project that uses a resource, the supply is empty.
// title: 供需流向
// subject: 资源
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// returns supply_id: string 资源大类编号 -- of several, the first by key
// returns supply: string 资源大类
// returns demand_id: string 需求大类编号
// returns demand: string 需求大类
// returns area_id: string 区域编号 -- the next smaller area that holds the needs, or the scope itself
// returns area: string 区域
// returns needs: integer 需求（条）
// returns quantity: integer 需求数量合计
// route: GET /api/networks/supply-demand
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..4]-(at)<-[:RAISED_IN]-(n:Need)
WHERE NOT coalesce(n.state, '提出') IN ['合并', '撤回', '退回']
WITH root, at, collect(n) AS raised
OPTIONAL MATCH (at)-[:PART_OF*0..3]->(part)-[:PART_OF]->(root)
WITH coalesce(part, root) AS area, raised
UNWIND raised AS n
OPTIONAL MATCH (n)-[:IN_CATEGORY]->(k:Category)
OPTIONAL MATCH (k)-[:BROADER]->(w:Category)
WITH n, area, coalesce(w, k) AS demand
OPTIONAL MATCH (n)<-[:MEETS]-(:Project)-[:USES]->(:Resource)-[:IN_CATEGORY]->(x:Category)
OPTIONAL MATCH (x)-[:BROADER]->(y:Category)
WITH n, area, demand, min(coalesce(y.id, x.id)) AS supply_id
WITH supply_id, demand, area, count(n) AS needs, sum(coalesce(n.quantity, 0)) AS quantity
OPTIONAL MATCH (s:Category {id: supply_id})
RETURN supply_id, s.name AS supply, demand.id AS demand_id, demand.name AS demand, area.id AS area_id, area.name AS area, needs, quantity
ORDER BY coalesce(supply_id, ''), coalesce(demand_id, ''), area_id
