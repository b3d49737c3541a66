#include "retriever/ranking.h"
#include "retriever/ranking_file.h"

namespace policykb {

namespace {

// As `policykb fit --write` wrote it, but for question_bank: no development data has a bank
// (docs/ranking.md, "Question bank").
constexpr std::string_view kDefaultRanking = R"(lexical 3.3342
whole_document 2.31598
cosine 6.54063
siblings -0.412919
neighbors 0.244493
coverage 2.86
length -1.16537
title 1.16251
characters 4.32183
law 1.85656
document_size 2.01092
held 0.837561
headed 1.04239
guide_title 1.92
question_bank 12
tree lexical > 0.9493 neighbors > 1.4256 length > 0.492 : 0.0861 0 -0.0135 0 -0.0126 0.0778 -0.1182 0.0714
tree lexical > 0.9493 document_size > 0.5991 document_size > 1.0859 : 0.0637 -0.1035 -0.0344 0.068 0 0 0.031 0.0958
tree neighbors > 0.1002 lexical > 0.301 length > 0.5118 : -0.0335 -0.0725 -0.106 0.0513 -0.1122 0.1699 -0.1508 -0.014
tree neighbors > 0.292 siblings > 0.483 document_size > 1.0859 : -0.1837 0.0335 -0.0332 -0.0059 0.0536 0.2324 0.0011 0.0041
tree coverage > 0.1247 document_size > 1.0859 siblings > 0.6011 : -0.1694 0.0066 0.1503 0.1285 -0.0603 0.0155 -0.0006 -0.0115
tree coverage > 0.0952 document_size > 1.0859 document_size > 0.8497 : 0.0219 0.0122 0 0 -0.1792 -0.0005 0.0299 0.0261
tree neighbors > 0.0593 lexical > 0.2291 coverage > 0.1204 : -0.0297 0.0208 -0.1025 -0.0309 -0.0125 0.3028 -0.1804 0.0086
tree characters > 0.2369 lexical > 0.4214 neighbors > 0.4929 : -0.0632 -0.0482 0.0026 -0.0165 0.0551 0.1622 -0.0808 0.0033
tree length > 0.4963 document_size > 0.8581 neighbors > 0.4929 : -0.0524 -0.0661 -0.0926 0.0053 -0.0226 0.0408 0.1017 -0.035
tree whole_document > 0.924 headed > 0 lexical > 0.8774 : 0.0234 -0.0507 -0.1548 0.0961 0.0266 0.0317 0 0
tree neighbors > 1.2878 cosine > 0.4302 characters > 0.5471 : 0.0089 -0.1006 0.0732 0.0056 -0.0389 0.0018 -0.0142 0.0107
tree document_size > 1.262 document_size > 1.0859 whole_document > 0.4897 : -0.1142 0 0.1357 -0.0773 -0.0004 0 0.0198 -0.1674
tree coverage > 0.0952 lexical > 0.4659 cosine > 0.3442 : -0.0277 0.0008 -0.05 -0.0077 0.0179 0.201 -0.0461 0.0002
tree whole_document > 0.924 headed > 0 length > 0.5118 : 0.0085 0.0411 -0.0386 0 0.0228 -0.0404 -0.1114 0.0878
tree characters > 0.2369 siblings > 0.2609 characters > 0.4893 : 0.102 -0.1602 -0.0527 0.0243 0 0.0539 0 -0.0168
tree lexical > 0.2291 siblings > 0.877 document_size > 1.0452 : -0.125 -0.0055 0.2079 -0.0118 0.179 0.0518 0.0405 -0.0373
tree coverage > 0.1322 lexical > 0.4659 length > 0.6639 : -0.0285 0.0882 -0.0126 -0.0077 0.0373 0.0737 -0.2199 0.0479
tree neighbors > 0.0593 neighbors > 1.2878 cosine > 0.477 : -0.1465 0.0106 0 -0.0636 0 0.0148 0 0.0253
tree cosine > 0.2437 characters > 0.1665 siblings > 0.6905 : -0.1441 -0.047 -0.01 0.0379 0.0726 -0.1297 -0.0591 0.006
tree document_size > 1.262 lexical > 0.2151 length > 0.492 : -0.0463 0 0.0451 0 0.1216 0 -0.0068 -0.1681
tree lexical > 0.9493 whole_document > 0.9684 neighbors > 1.3746 : 0.0203 -0.0033 -0.0374 0.066 -0.0863 0 -0.0278 0.0195
tree neighbors > 0.292 siblings > 0.483 document_size > 0.917 : -0.1337 0.0397 0.0189 0.0161 -0.0371 0.0913 -0.0422 -0.0288
tree cosine > 0.3442 lexical > 0.4659 document_size > 0.8581 : 0.0339 0.2246 -0.0409 0.0196 -0.0456 0.0401 0.0001 -0.0109
tree document_size > 1.262 document_size > 1.0859 neighbors > 0.6618 : -0.0455 0 0.069 -0.1226 0.0071 0 -0.0081 -0.1132
tree coverage > 0.1247 document_size > 1.0859 siblings > 0.6011 : -0.1416 0.0055 0.0968 0.0724 -0.0368 0.0103 -0.0022 -0.0115
tree document_size > 1.262 lexical > 0.3211 document_size > 0.8051 : -0.0409 0 0.0197 0 0.0875 0 -0.0097 -0.1511
tree cosine > 0.2331 characters > 0.1665 coverage > 0.0195 : 0.0524 0.066 0.1145 -0.0576 -0.0046 -0.1372 -0.0456 0.0113
tree whole_document > 0.924 headed > 0 neighbors > 0.8315 : 0.0218 -0.0499 -0.174 0.052 0.0085 -0.006 0.04 0.0793
tree whole_document > 0.4689 characters > 0.4893 length > 0.569 : -0.044 0.0342 -0.0919 -0.062 -0.1253 -0.0146 0.0863 0.0109
tree neighbors > 0.0593 whole_document > 0.9684 lexical > 0.9493 : -0.1321 0.0118 -0.0013 -0.0308 0 0.0172 0 0.0438
tree document_size > 1.262 coverage > 0.0668 lexical > 0.3211 : 0.0315 0 0.0487 0 -0.0703 0 0.003 -0.1427
tree whole_document > 0.4689 document_size > 0.917 lexical > 0.4837 : -0.1566 0.0819 0.0494 -0.0268 -0.0121 0.0021 -0.0977 -0.0114
tree characters > 0.2369 siblings > 0.7579 document_size > 1.0859 : -0.0429 -0.0138 -0.0677 0.0096 0.0949 0.0485 -0.0561 -0.0087
tree neighbors > 1.4863 coverage > 0.3346 length > 0.572 : 0.0287 -0.0658 -0.089 0.0205 -0.0117 -0.0838 0.0312 0.0438
tree cosine > 0.3442 lexical > 0.4659 document_size > 0.8581 : 0.031 0.1703 -0.0345 0.017 -0.0417 0.0268 0.0007 -0.0086
tree cosine > 0.4302 length > 0.6045 length > 0.5846 : 0.0072 0.0098 0 0 -0.0934 -0.1341 -0.0095 0.0681
tree whole_document > 0.924 neighbors > 0.2544 coverage > 0.1322 : -0.0799 -0.0695 -0.0087 -0.016 -0.0255 0.084 0.031 -0.0157
tree document_size > 1.262 document_size > 0.6516 whole_document > 0.5629 : -0.12 0 0.0162 -0.0687 0.0621 0 -0.0053 -0.1167
tree document_size > 1.262 neighbors > 0.0593 document_size > 0.6802 : 0.0468 0 0.0199 0 -0.1599 0 0.0004 -0.1328
tree whole_document > 0.9684 cosine > 0.5373 length > 0.5043 : 0.0028 0.0351 0.0138 0.0285 0.0111 -0.0398 -0.0246 0.0458
)";

}  // namespace

const RankingModel& DefaultRanking() {
  static const RankingModel model = *DecodeRanking(kDefaultRanking, {});
  return model;
}

}  // namespace policykb
