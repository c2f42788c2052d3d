// Resources of an area on offer that no project has ever used and no agreement promises. A resource is of an area when its owner is the area, is located, lives or leads in it, or serves it.
// title: 从未使用的资源
// subject: 资源
// param scope: area -- key of the area whose owners are read
// param as_of: date = today -- the day that counts
// returns resource_id: Resource.id
// returns title: Resource.title 资源
// returns owner: string 提供方 -- its name; 个人 for a person, who is not named
// returns capacity: Resource.capacity
// returns unit: Resource.unit
// returns community: Community.name -- the first by name, when the owner is in several
// route: GET /api/coverage/unused-resources
CALL () {
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..2]-(a:Community)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, a AS o, r
  UNION ALL
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)
  MATCH (a)<-[t:LOCATED_IN|SERVES|LEADS]-(o:Unit|Organization|PartyOrganization)
  WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
  MATCH (o)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, o, r
  UNION ALL
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a:Building)
  MATCH (a)<-[:LIVES_IN]-(o:Person)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, o, r
}
WITH a, o, r
WHERE coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
  AND NOT (r)<-[:USES]-() AND NOT (r)<-[:PROMISES]-()
OPTIONAL MATCH (a)-[:PART_OF*0..2]->(c:Community)
WITH r, CASE labels(o)[0] WHEN 'Person' THEN '个人' ELSE o.name END AS owner, min(c.name) AS community
RETURN r.id AS resource_id, r.title AS title, owner, r.capacity AS capacity, r.unit AS unit, community
ORDER BY resource_id
