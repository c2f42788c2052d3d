// The needs of a district in every state, with what projects and confirmed claims have met of each. A project that does not say how much meets a need in whole; a claim that became such a project is not counted twice.
// title: 对接用：需求
// subject: 对接
// param scope: area(District) -- key of the district
// returns need_id: Need.id
// returns title: Need.title
// returns text: Need.text
// returns area: string 提出区域 -- key
// returns category: string 需求类别 -- key
// returns quantity: Need.quantity
// returns met: integer 已落实数量 -- units that projects meet or confirmed claims promise
// returns unit: Need.unit
// returns whole: Need.whole
// returns urgency: Need.urgency
// returns wanted_from: Need.wanted_from
// returns wanted_to: Need.wanted_to
// returns deadline: Need.deadline
// returns beneficiary: Need.beneficiary
// returns state: Need.state
MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(a)<-[:RAISED_IN]-(n:Need)
OPTIONAL MATCH (n)-[:IN_CATEGORY]->(k:Category)
WITH n, min(a.id) AS area, min(k.id) AS category
OPTIONAL MATCH (n)<-[m:MEETS]-(:Project)
WITH n, area, category, sum(CASE WHEN m IS NULL THEN 0 ELSE coalesce(m.quantity, n.quantity, 1) END) AS by_projects
OPTIONAL MATCH (n)<-[:FOR_NEED]-(c:Claim)
WHERE c.state IN ['确认', '履行', '完成']
  AND NOT (c)-[:BECAME]->(:Project)
  AND NOT (c)-[:BY_UNIT]->(:Unit)<-[:LED_BY]-(:Project)-[:MEETS]->(n)
  AND NOT (c)-[:WITH_RESOURCE]->(:Resource)<-[:USES]-(:Project)-[:MEETS]->(n)
WITH n, area, category, by_projects, sum(coalesce(c.quantity, 0)) AS by_claims
RETURN n.id AS need_id, n.title AS title, n.text AS text, area, category, n.quantity AS quantity,
  by_projects + by_claims AS met, n.unit AS unit, n.whole AS whole, n.urgency AS urgency, n.wanted_from AS wanted_from,
  n.wanted_to AS wanted_to, n.deadline AS deadline, n.beneficiary AS beneficiary, n.state AS state
ORDER BY need_id
