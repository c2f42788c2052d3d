// The streets of a district: communities, and the areas below that a party organization of their level should lead and that one leads.
// title: 各街道概况
// subject: 区域与概况
// param scope: area(District) -- key of the district
// param as_of: date = today -- the day that counts
// returns street_id: Street.id
// returns street: Street.name
// returns communities: integer 社区（个）
// returns due: integer 应建党组织（个） -- communities of residents' committees, estates, grids and buildings
// returns led: integer 已建党组织（个）
// route: GET /api/coverage/streets
MATCH (d:District {id: $scope})<-[:PART_OF]-(s:Street)
OPTIONAL MATCH (s)<-[:PART_OF*1..3]-(a:Community|Estate|Grid|Building)
WHERE coalesce(a.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(a.valid_to, '9999-12-31')
WITH s, a, CASE labels(a)[0] WHEN 'Community' THEN 2 WHEN 'Estate' THEN 3 WHEN 'Grid' THEN 4 ELSE 5 END AS level
// Of a street without areas there is no (a), which one of the engines would read as any node.
WITH s, a, level, CASE WHEN a IS NULL THEN 0 ELSE size([
    (a)<-[l:LEADS]-(o:PartyOrganization)
    WHERE o.level = level
      AND coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
      AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
    | o]) END AS leaders
RETURN s.id AS street_id, s.name AS street, sum(CASE WHEN a IS NOT NULL AND level = 2 THEN 1 ELSE 0 END) AS communities,
  sum(CASE WHEN a IS NULL OR (level = 2 AND a.kind <> '居委会') THEN 0 ELSE 1 END) AS due,
  sum(CASE WHEN leaders = 0 OR (level = 2 AND a.kind <> '居委会') THEN 0 ELSE 1 END) AS led
ORDER BY street_id
