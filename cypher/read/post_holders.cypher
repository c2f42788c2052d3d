// People who hold a post in an area: at the area itself or a part of it, at an organization that leads or serves one. One row per post.
// title: 在岗人员
// subject: 组织与岗位
// param scope: area(Street, Community) -- key of the area whose posts are read
// param as_of: date = today -- the day that counts
// returns community: Community.name
// returns place: string 任职处
// returns post: HOLDS.post
// returns person_id: Person.id
// returns name: Person.name
// returns phone: Person.phone
// returns part_time: HOLDS.part_time
// returns since: HOLDS.from
// route: GET /api/coverage/post-holders
MATCH (root:Street|Community {id: $scope})<-[:PART_OF*0..3]-(a)
CALL (a) {
  RETURN a AS place
  UNION ALL
  MATCH (a)<-[t:LEADS|SERVES]-(o:PartyOrganization|Organization)
  WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
  RETURN o AS place
}
MATCH (place)<-[h:HOLDS]-(p:Person)
WHERE coalesce(h.from, '0000-01-01') <= $as_of AND $as_of < coalesce(h.to, '9999-12-31')
OPTIONAL MATCH (a)-[:PART_OF*0..2]->(c:Community)
WITH place.id AS place_id, place.name AS place, p.id AS person_id, p.name AS name, p.phone AS phone,
  h.post AS post, h.part_time AS part_time, h.from AS since, min(c.name) AS community
RETURN community, place, post, person_id, name, phone, part_time, since
ORDER BY coalesce(community, ''), place_id, post, person_id, coalesce(since, '')
