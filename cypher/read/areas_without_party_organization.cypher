// Areas that should have a party organization of a level and that none leads.
// title: 没有党组织的区域
// subject: 党组织
// param scope: area -- key of the area whose subtree is read
// param level: PartyLevel -- 1 street, 2 community, 3 estate, 4 grid, 5 building
// param as_of: date = today -- the day that counts
// returns id: Community.id 区域编号
// returns name: Community.name 区域
// returns parent_id: Community.id 上级区域编号
// returns parent: Community.name 上级区域
// route: GET /api/coverage/areas-without-party-organization
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a:Street|Community|Estate|Grid|Building)
WHERE labels(a)[0] = CASE $level WHEN 1 THEN 'Street' WHEN 2 THEN 'Community' WHEN 3 THEN 'Estate' WHEN 4 THEN 'Grid' WHEN 5 THEN 'Building' ELSE '' END
  AND (labels(a)[0] <> 'Community' OR a.kind = '居委会')
  AND coalesce(a.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(a.valid_to, '9999-12-31')
OPTIONAL MATCH (a)<-[l:LEADS]-(o:PartyOrganization)
WHERE o.level = $level
  AND coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
  AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
WITH a, count(o) AS leaders
WHERE leaders = 0
MATCH (a)-[:PART_OF]->(p:District|Street|Community|Estate)
RETURN a.id AS id, a.name AS name, p.id AS parent_id, p.name AS parent
ORDER BY id
