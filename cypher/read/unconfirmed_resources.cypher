// Resources on offer that were last confirmed too long ago, or never; the longest first.
// title: 久未确认的资源
// param scope: area(District, Street, Community) -- key of the area whose owners are read
// param as_of: date = today -- the day that counts
// param confirmed_since: date = today-180 -- resources last confirmed before this day are listed
// returns resource_id: Resource.id
// returns title: Resource.title 资源
// returns owner: string 提供方
// returns last_confirmed: Resource.last_confirmed
// returns community: Community.name
// route: GET /api/coverage/unconfirmed-resources
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:LOCATED_IN|SERVES|LEADS*0..1]-(o)<-[:OFFERED_BY]-(r:Resource)
WHERE coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
  AND coalesce(r.last_confirmed, '0000-01-01') < $confirmed_since
RETURN r.id AS resource_id, r.title AS title, o.name AS owner, r.last_confirmed AS last_confirmed, min(c.name) AS community
ORDER BY last_confirmed, resource_id
