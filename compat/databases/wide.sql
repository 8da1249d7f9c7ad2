-- A table with 300 columns.
create table wide (
  id integer primary key,
  c000 integer, c001 text, c002 real, c003 integer, c004 text, c005 real,
  c006 integer, c007 text, c008 real, c009 integer, c010 text, c011 real,
  c012 integer, c013 text, c014 real, c015 integer, c016 text, c017 real,
  c018 integer, c019 text, c020 real, c021 integer, c022 text, c023 real,
  c024 integer, c025 text, c026 real, c027 integer, c028 text, c029 real,
  c030 integer, c031 text, c032 real, c033 integer, c034 text, c035 real,
  c036 integer, c037 text, c038 real, c039 integer, c040 text, c041 real,
  c042 integer, c043 text, c044 real, c045 integer, c046 text, c047 real,
  c048 integer, c049 text, c050 real, c051 integer, c052 text, c053 real,
  c054 integer, c055 text, c056 real, c057 integer, c058 text, c059 real,
  c060 integer, c061 text, c062 real, c063 integer, c064 text, c065 real,
  c066 integer, c067 text, c068 real, c069 integer, c070 text, c071 real,
  c072 integer, c073 text, c074 real, c075 integer, c076 text, c077 real,
  c078 integer, c079 text, c080 real, c081 integer, c082 text, c083 real,
  c084 integer, c085 text, c086 real, c087 integer, c088 text, c089 real,
  c090 integer, c091 text, c092 real, c093 integer, c094 text, c095 real,
  c096 integer, c097 text, c098 real, c099 integer, c100 text, c101 real,
  c102 integer, c103 text, c104 real, c105 integer, c106 text, c107 real,
  c108 integer, c109 text, c110 real, c111 integer, c112 text, c113 real,
  c114 integer, c115 text, c116 real, c117 integer, c118 text, c119 real,
  c120 integer, c121 text, c122 real, c123 integer, c124 text, c125 real,
  c126 integer, c127 text, c128 real, c129 integer, c130 text, c131 real,
  c132 integer, c133 text, c134 real, c135 integer, c136 text, c137 real,
  c138 integer, c139 text, c140 real, c141 integer, c142 text, c143 real,
  c144 integer, c145 text, c146 real, c147 integer, c148 text, c149 real,
  c150 integer, c151 text, c152 real, c153 integer, c154 text, c155 real,
  c156 integer, c157 text, c158 real, c159 integer, c160 text, c161 real,
  c162 integer, c163 text, c164 real, c165 integer, c166 text, c167 real,
  c168 integer, c169 text, c170 real, c171 integer, c172 text, c173 real,
  c174 integer, c175 text, c176 real, c177 integer, c178 text, c179 real,
  c180 integer, c181 text, c182 real, c183 integer, c184 text, c185 real,
  c186 integer, c187 text, c188 real, c189 integer, c190 text, c191 real,
  c192 integer, c193 text, c194 real, c195 integer, c196 text, c197 real,
  c198 integer, c199 text, c200 real, c201 integer, c202 text, c203 real,
  c204 integer, c205 text, c206 real, c207 integer, c208 text, c209 real,
  c210 integer, c211 text, c212 real, c213 integer, c214 text, c215 real,
  c216 integer, c217 text, c218 real, c219 integer, c220 text, c221 real,
  c222 integer, c223 text, c224 real, c225 integer, c226 text, c227 real,
  c228 integer, c229 text, c230 real, c231 integer, c232 text, c233 real,
  c234 integer, c235 text, c236 real, c237 integer, c238 text, c239 real,
  c240 integer, c241 text, c242 real, c243 integer, c244 text, c245 real,
  c246 integer, c247 text, c248 real, c249 integer, c250 text, c251 real,
  c252 integer, c253 text, c254 real, c255 integer, c256 text, c257 real,
  c258 integer, c259 text, c260 real, c261 integer, c262 text, c263 real,
  c264 integer, c265 text, c266 real, c267 integer, c268 text, c269 real,
  c270 integer, c271 text, c272 real, c273 integer, c274 text, c275 real,
  c276 integer, c277 text, c278 real, c279 integer, c280 text, c281 real,
  c282 integer, c283 text, c284 real, c285 integer, c286 text, c287 real,
  c288 integer, c289 text, c290 real, c291 integer, c292 text, c293 real,
  c294 integer, c295 text, c296 real, c297 integer, c298 text
);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 3)
insert into wide select i,
  i * 1000 + 0, 'r' || i || 'c1', 0.25, i * 1000 + 3, 'r' || i || 'c4', 0.625, i * 1000 + 6, 'r'
  || i || 'c7', 1.0, i * 1000 + 9, 'r' || i || 'c10', 1.375, i * 1000 + 12, 'r' || i || 'c13',
  1.75, i * 1000 + 15, 'r' || i || 'c16', 2.125, i * 1000 + 18, 'r' || i || 'c19', 2.5, i * 1000
  + 21, 'r' || i || 'c22', 2.875, i * 1000 + 24, 'r' || i || 'c25', 3.25, i * 1000 + 27, 'r' ||
  i || 'c28', 3.625, i * 1000 + 30, 'r' || i || 'c31', 4.0, i * 1000 + 33, 'r' || i || 'c34',
  4.375, i * 1000 + 36, 'r' || i || 'c37', 4.75, i * 1000 + 39, 'r' || i || 'c40', 5.125, i *
  1000 + 42, 'r' || i || 'c43', 5.5, i * 1000 + 45, 'r' || i || 'c46', 5.875, i * 1000 + 48, 'r'
  || i || 'c49', 6.25, i * 1000 + 51, 'r' || i || 'c52', 6.625, i * 1000 + 54, 'r' || i ||
  'c55', 7.0, i * 1000 + 57, 'r' || i || 'c58', 7.375, i * 1000 + 60, 'r' || i || 'c61', 7.75, i
  * 1000 + 63, 'r' || i || 'c64', 8.125, i * 1000 + 66, 'r' || i || 'c67', 8.5, i * 1000 + 69,
  'r' || i || 'c70', 8.875, i * 1000 + 72, 'r' || i || 'c73', 9.25, i * 1000 + 75, 'r' || i ||
  'c76', 9.625, i * 1000 + 78, 'r' || i || 'c79', 10.0, i * 1000 + 81, 'r' || i || 'c82',
  10.375, i * 1000 + 84, 'r' || i || 'c85', 10.75, i * 1000 + 87, 'r' || i || 'c88', 11.125, i *
  1000 + 90, 'r' || i || 'c91', 11.5, i * 1000 + 93, 'r' || i || 'c94', 11.875, i * 1000 + 96,
  'r' || i || 'c97', 12.25, i * 1000 + 99, 'r' || i || 'c100', 12.625, i * 1000 + 102, 'r' || i
  || 'c103', 13.0, i * 1000 + 105, 'r' || i || 'c106', 13.375, i * 1000 + 108, 'r' || i ||
  'c109', 13.75, i * 1000 + 111, 'r' || i || 'c112', 14.125, i * 1000 + 114, 'r' || i || 'c115',
  14.5, i * 1000 + 117, 'r' || i || 'c118', 14.875, i * 1000 + 120, 'r' || i || 'c121', 15.25, i
  * 1000 + 123, 'r' || i || 'c124', 15.625, i * 1000 + 126, 'r' || i || 'c127', 16.0, i * 1000 +
  129, 'r' || i || 'c130', 16.375, i * 1000 + 132, 'r' || i || 'c133', 16.75, i * 1000 + 135,
  'r' || i || 'c136', 17.125, i * 1000 + 138, 'r' || i || 'c139', 17.5, i * 1000 + 141, 'r' || i
  || 'c142', 17.875, i * 1000 + 144, 'r' || i || 'c145', 18.25, i * 1000 + 147, 'r' || i ||
  'c148', 18.625, i * 1000 + 150, 'r' || i || 'c151', 19.0, i * 1000 + 153, 'r' || i || 'c154',
  19.375, i * 1000 + 156, 'r' || i || 'c157', 19.75, i * 1000 + 159, 'r' || i || 'c160', 20.125,
  i * 1000 + 162, 'r' || i || 'c163', 20.5, i * 1000 + 165, 'r' || i || 'c166', 20.875, i * 1000
  + 168, 'r' || i || 'c169', 21.25, i * 1000 + 171, 'r' || i || 'c172', 21.625, i * 1000 + 174,
  'r' || i || 'c175', 22.0, i * 1000 + 177, 'r' || i || 'c178', 22.375, i * 1000 + 180, 'r' || i
  || 'c181', 22.75, i * 1000 + 183, 'r' || i || 'c184', 23.125, i * 1000 + 186, 'r' || i ||
  'c187', 23.5, i * 1000 + 189, 'r' || i || 'c190', 23.875, i * 1000 + 192, 'r' || i || 'c193',
  24.25, i * 1000 + 195, 'r' || i || 'c196', 24.625, i * 1000 + 198, 'r' || i || 'c199', 25.0, i
  * 1000 + 201, 'r' || i || 'c202', 25.375, i * 1000 + 204, 'r' || i || 'c205', 25.75, i * 1000
  + 207, 'r' || i || 'c208', 26.125, i * 1000 + 210, 'r' || i || 'c211', 26.5, i * 1000 + 213,
  'r' || i || 'c214', 26.875, i * 1000 + 216, 'r' || i || 'c217', 27.25, i * 1000 + 219, 'r' ||
  i || 'c220', 27.625, i * 1000 + 222, 'r' || i || 'c223', 28.0, i * 1000 + 225, 'r' || i ||
  'c226', 28.375, i * 1000 + 228, 'r' || i || 'c229', 28.75, i * 1000 + 231, 'r' || i || 'c232',
  29.125, i * 1000 + 234, 'r' || i || 'c235', 29.5, i * 1000 + 237, 'r' || i || 'c238', 29.875,
  i * 1000 + 240, 'r' || i || 'c241', 30.25, i * 1000 + 243, 'r' || i || 'c244', 30.625, i *
  1000 + 246, 'r' || i || 'c247', 31.0, i * 1000 + 249, 'r' || i || 'c250', 31.375, i * 1000 +
  252, 'r' || i || 'c253', 31.75, i * 1000 + 255, 'r' || i || 'c256', 32.125, i * 1000 + 258,
  'r' || i || 'c259', 32.5, i * 1000 + 261, 'r' || i || 'c262', 32.875, i * 1000 + 264, 'r' || i
  || 'c265', 33.25, i * 1000 + 267, 'r' || i || 'c268', 33.625, i * 1000 + 270, 'r' || i ||
  'c271', 34.0, i * 1000 + 273, 'r' || i || 'c274', 34.375, i * 1000 + 276, 'r' || i || 'c277',
  34.75, i * 1000 + 279, 'r' || i || 'c280', 35.125, i * 1000 + 282, 'r' || i || 'c283', 35.5, i
  * 1000 + 285, 'r' || i || 'c286', 35.875, i * 1000 + 288, 'r' || i || 'c289', 36.25, i * 1000
  + 291, 'r' || i || 'c292', 36.625, i * 1000 + 294, 'r' || i || 'c295', 37.0, i * 1000 + 297,
  'r' || i || 'c298'
from n;
