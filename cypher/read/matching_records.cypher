// What owners delivered to the finished projects of a district, and how communities and residents rated the projects that used their resources.
// title: 对接用：履约与评价
// subject: 对接
// param scope: area(District) -- key of the district
// returns owner: string 提供方 -- key
// returns record: string 项目或评价 -- key of the project or the evaluation
// returns promised: integer 承诺数量 -- of a project
// returns delivered: integer 兑现数量 -- of a project
// returns score: Evaluation.score
CALL () {
  MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(a)<-[:IN_AREA]-(p:Project)-[u:USES]->(:Resource)-[:OFFERED_BY]->(o)
  WHERE p.state IN ['验收', '评价', '销号'] AND u.delivered IS NOT NULL
  RETURN o.id AS owner, p.id AS record, sum(coalesce(u.promised, 0)) AS promised, sum(u.delivered) AS delivered, null AS score
  UNION ALL
  MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(a)<-[:IN_AREA]-(p:Project)<-[:OF]-(e:Evaluation)
  WHERE e.direction IN ['社区→单位', '居民→项目']
  MATCH (p)-[:USES]->(:Resource)-[:OFFERED_BY]->(o)
  WITH DISTINCT o.id AS owner, e.id AS record, e.score AS score
  RETURN owner, record, null AS promised, null AS delivered, score
}
RETURN owner, record, promised, delivered, score
ORDER BY owner, record
