// People who alone hold a post in a community, at the community itself or at an organization that leads or serves it: the post would be vacant without them.
// title: 独自担任的岗位
// subject: 组织与岗位
// param scope: area(District, Street, Community) -- key of the area whose communities are read
// param as_of: date = today -- the day that counts
// returns community_id: Community.id
// returns community: Community.name
// returns post: HOLDS.post
// returns person_id: Person.id
// returns name: Person.name
// route: GET /api/coverage/sole-post-holders
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)
WHERE coalesce(c.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(c.valid_to, '9999-12-31')
CALL (c) {
  MATCH (c)<-[h:HOLDS]-(p:Person)
  WHERE coalesce(h.from, '0000-01-01') <= $as_of AND $as_of < coalesce(h.to, '9999-12-31')
  RETURN h.post AS post, p
  UNION
  MATCH (c)<-[t:LEADS|SERVES]-(:PartyOrganization|Organization)<-[h:HOLDS]-(p:Person)
  WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
    AND coalesce(h.from, '0000-01-01') <= $as_of AND $as_of < coalesce(h.to, '9999-12-31')
  RETURN h.post AS post, p
}
WITH c, post, collect(p) AS holders
WHERE size(holders) = 1
WITH c, post, holders[0] AS p
RETURN c.id AS community_id, c.name AS community, post, p.id AS person_id, p.name AS name
ORDER BY community_id, post
