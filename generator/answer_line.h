// AnswerLine: the one line that the log has of an answer.
//
// Nothing that anyone asked or was told. Pure function, any thread.

#ifndef POLICYKB_GENERATOR_ANSWER_LINE_H_
#define POLICYKB_GENERATOR_ANSWER_LINE_H_

#include "core/http/circuit_breaker.h"
#include "core/log/log_line.h"
#include "generator/answer_service.h"

namespace policykb {

// `circuit` is that of the model's server.
LogLine AnswerLine(const AnswerRecord& record, CircuitState circuit);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_ANSWER_LINE_H_
