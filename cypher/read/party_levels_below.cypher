// How each area directly below an area stands with the five levels: the areas of each level in it, and how many of them no party organization of the level leads.
// title: 下一级区域的五级党组织缺口
// subject: 党组织
// param scope: area -- key of the area whose parts are read
// param as_of: date = today -- the day that counts
// returns area_id: Community.id 区域编号
// returns area: Community.name 区域
// returns label: string 区域类型 -- label of the kind
// returns level: PartyLevel 层级
// returns areas: integer 应覆盖区域（个） -- communities count where a residents' committee governs
// returns lacking: integer 缺（个） -- areas that no organization of the level leads
// route: GET /api/coverage/party-levels-below
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF|IN_GRID]-(part:Street|Community|Estate|Grid|Building)
WHERE coalesce(part.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(part.valid_to, '9999-12-31')
WITH DISTINCT part
MATCH (part)<-[:PART_OF*0..3]-(a:Street|Community|Estate|Grid|Building)
WHERE coalesce(a.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(a.valid_to, '9999-12-31')
  AND (labels(a)[0] <> 'Community' OR a.kind = '居委会')
WITH part, a, CASE labels(a)[0] WHEN 'Street' THEN 1 WHEN 'Community' THEN 2 WHEN 'Estate' THEN 3 WHEN 'Grid' THEN 4 ELSE 5 END AS level
OPTIONAL MATCH (a)<-[l:LEADS]-(o:PartyOrganization)
WHERE o.level = level
  AND coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
  AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
WITH part, a, level, count(o) AS leaders
WITH part, level, count(a) AS areas, sum(CASE WHEN leaders = 0 THEN 1 ELSE 0 END) AS lacking
RETURN part.id AS area_id, part.name AS area, labels(part)[0] AS label, level, areas, lacking
ORDER BY area_id, level
