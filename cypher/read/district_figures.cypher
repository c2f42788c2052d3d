// Area and population of a district, as registered.
// title: 区情数字
// subject: 区域与概况
// param scope: area(District) -- key of the district
// returns name: District.name
// returns area_km2: District.area_km2
// returns population: District.population
// returns urban_population: District.urban_population
// returns households: District.households
// route: GET /api/coverage/district
MATCH (d:District {id: $scope})
RETURN d.name AS name, d.area_km2 AS area_km2, d.population AS population, d.urban_population AS urban_population, d.households AS households
