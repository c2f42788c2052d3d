// The resources that serve a district or are offered in it, with what unfinished projects and claims hold of each. A claim that became such a project is not counted twice.
// title: 对接用：资源
// subject: 对接
// param scope: area(District) -- key of the district
// returns resource_id: Resource.id
// returns title: Resource.title
// returns text: Resource.text
// returns owner: string 提供方 -- key
// returns category: string 资源类别 -- key
// returns serves: strings 服务区域 -- keys
// returns capacity: Resource.capacity
// returns promised: integer 已承诺数量 -- units that are promised and not yet given back
// returns unit: Resource.unit
// returns valid_from: Resource.valid_from
// returns valid_to: Resource.valid_to
// returns groups: Resource.groups
// returns last_confirmed: Resource.last_confirmed
CALL () {
  MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(a)<-[:SERVES]-(r:Resource)
  RETURN r
  UNION ALL
  MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(o:Community)<-[:OFFERED_BY]-(r:Resource)
  RETURN r
  UNION ALL
  MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(a)<-[:LOCATED_IN|SERVES|LEADS|LIVES_IN]-(o)<-[:OFFERED_BY]-(r:Resource)
  RETURN r
}
WITH DISTINCT r
RETURN r.id AS resource_id, r.title AS title, r.text AS text, [(r)-[:OFFERED_BY]->(o) | o.id][0] AS owner,
  [(r)-[:IN_CATEGORY]->(k:Category) | k.id][0] AS category, [(r)-[:SERVES]->(a) | a.id] AS serves, r.capacity AS capacity,
  reduce(promised = 0, part IN [(r)<-[u:USES]-(p:Project) WHERE coalesce(p.state, '') <> '销号' | coalesce(u.promised, 0)] | promised + part)
    + reduce(promised = 0, part IN [
        (r)<-[:WITH_RESOURCE]-(c:Claim)
        WHERE c.state IN ['申请', '审批', '确认', '履行'] AND isEmpty([(c)-[:BECAME]->(p:Project) | p])
          AND isEmpty([(c)-[:FOR_NEED]->(:Need)<-[:MEETS]-(:Project)-[:USES]->(x:Resource) WHERE x = r | x])
        | coalesce(c.quantity, 0)] | promised + part) AS promised,
  r.unit AS unit, r.valid_from AS valid_from, r.valid_to AS valid_to, r.groups AS groups, r.last_confirmed AS last_confirmed
ORDER BY resource_id
