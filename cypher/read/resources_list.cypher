// Resources of an area on offer on the day. A resource is of an area when its owner is the area, is located, lives or leads in it, or serves it.
// title: 资源清单
// subject: 资源
// param scope: area -- key of the area whose owners are read
// param as_of: date = today -- the day that counts
// param form: ResourceForm = null -- only resources of this form
// param category: string = null -- only resources of this wide category, by its name
// param used: boolean = null -- true: only those that a project has used or an agreement promises, false: only the idle ones
// param confirmed: boolean = null -- true: only those confirmed since a day, false: only the others
// param confirmed_since: date = today-180 -- the day since which a resource counts as confirmed
// returns resource_id: Resource.id
// returns title: Resource.title 资源
// returns category: Category.name 大类
// returns form: Resource.form
// returns owner: string 提供方 -- its name; 个人 for a person, who is not named
// returns community: Community.name -- the first by name, when the owner is in several
// returns capacity: Resource.capacity
// returns unit: Resource.unit
// returns used: boolean 使用过 -- whether a project has used it or an agreement promises it
// returns last_confirmed: Resource.last_confirmed
// route: GET /api/resources
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
  AND ($form IS NULL OR r.form = $form)
  AND ($confirmed IS NULL OR $confirmed = (coalesce(r.last_confirmed, '0000-01-01') >= $confirmed_since))
OPTIONAL MATCH (a)-[:PART_OF*0..2]->(c:Community)
WITH r, CASE labels(o)[0] WHEN 'Person' THEN '个人' ELSE o.name END AS owner, min(c.name) AS community
OPTIONAL MATCH (r)-[:IN_CATEGORY]->(k:Category)
OPTIONAL MATCH (k)-[:BROADER]->(w:Category)
WITH r, owner, community, coalesce(w.name, k.name, '未分类') AS category, size([(r)<-[:USES|PROMISES]-(x) | 1]) > 0 AS used
WHERE ($category IS NULL OR category = $category) AND ($used IS NULL OR used = $used)
RETURN r.id AS resource_id, r.title AS title, category, r.form AS form, owner, community, r.capacity AS capacity, r.unit AS unit,
  used, r.last_confirmed AS last_confirmed
ORDER BY category, resource_id
