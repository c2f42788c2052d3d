// Party organizations of the five levels in an area, the areas that each level answers for, and how many of them lack one.
// title: 五级党组织及缺口
// subject: 党组织
// param scope: area -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns level: PartyLevel 层级
// returns organizations: integer 党组织（个） -- organizations that lead at least one such area
// returns areas: integer 应覆盖区域（个） -- areas of the level's kind; communities count where a residents' committee governs
// returns lacking: integer 缺（个） -- areas that no organization of the level leads
// route: GET /api/coverage/party-levels
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a:Street|Community|Estate|Grid|Building)
WHERE coalesce(a.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(a.valid_to, '9999-12-31')
  AND (labels(a)[0] <> 'Community' OR a.kind = '居委会')
WITH a, CASE labels(a)[0] WHEN 'Street' THEN 1 WHEN 'Community' THEN 2 WHEN 'Estate' THEN 3 WHEN 'Grid' THEN 4 ELSE 5 END AS level
WITH level, [
    (a)<-[l:LEADS]-(o:PartyOrganization)
    WHERE o.level = level
      AND coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
      AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
    | o.id] AS leaders
WITH level, count(*) AS areas, sum(CASE WHEN size(leaders) = 0 THEN 1 ELSE 0 END) AS lacking, collect(leaders) AS all_leaders
UNWIND CASE WHEN size(all_leaders) = lacking THEN [[null]] ELSE all_leaders END AS leaders
UNWIND CASE WHEN size(leaders) = 0 THEN [null] ELSE leaders END AS leader
RETURN level AS level, count(DISTINCT leader) AS organizations, areas AS areas, lacking AS lacking
ORDER BY level
