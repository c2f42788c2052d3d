// The party organizations of the five levels that answer for an area or a part of it, each with the one above it, the first of its areas by key, and its members.
// title: 党组织体系
// subject: 党组织
// param scope: area -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns id: PartyOrganization.id
// returns name: PartyOrganization.name
// returns level: PartyOrganization.level
// returns parent_id: string 上级党组织编号
// returns area_id: string 区域编号
// returns members: integer 党员（名） -- whose papers it holds
// route: GET /api/networks/party
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)<-[l:LEADS]-(o:PartyOrganization)
WHERE coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
  AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
WITH o, min(a.id) AS area_id
OPTIONAL MATCH (o)-[r:REPORTS_TO]->(p:PartyOrganization)
WHERE coalesce(r.from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.to, '9999-12-31')
WITH o, area_id, min(p.id) AS parent_id
OPTIONAL MATCH (o)<-[b:BELONGS_TO]-(m:Person)
WHERE coalesce(b.from, '0000-01-01') <= $as_of AND $as_of < coalesce(b.to, '9999-12-31')
WITH o, area_id, parent_id, count(m) AS members
RETURN o.id AS id, o.name AS name, o.level AS level, parent_id, area_id, members
ORDER BY id
