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
RETURN n.id AS need_id, n.title AS title, n.text AS text, a.id AS area, [(n)-[:IN_CATEGORY]->(k:Category) | k.id][0] AS category,
  n.quantity AS quantity,
  reduce(met = 0, part IN [(n)<-[m:MEETS]-(:Project) | coalesce(m.quantity, n.quantity, 1)] | met + part)
    + reduce(met = 0, part IN [
        (n)<-[:FOR_NEED]-(c:Claim)
        WHERE c.state IN ['确认', '履行', '完成'] AND isEmpty([(c)-[:BECAME]->(p:Project) | p])
          AND isEmpty([(c)-[:BY_UNIT]->(:Unit)<-[:LED_BY]-(:Project)-[:MEETS]->(x:Need) WHERE x = n | x])
          AND isEmpty([(c)-[:WITH_RESOURCE]->(:Resource)<-[:USES]-(:Project)-[:MEETS]->(x:Need) WHERE x = n | x])
        | coalesce(c.quantity, 0)] | met + part) AS met,
  n.unit AS unit, n.whole AS whole, n.urgency AS urgency, n.wanted_from AS wanted_from,
  n.wanted_to AS wanted_to, n.deadline AS deadline, n.beneficiary AS beneficiary, n.state AS state
ORDER BY need_id
