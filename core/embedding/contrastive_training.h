// Contrastive training of table rows: a query's vector comes near its own passage's and away from
// those of the other passages of its batch.
//
// The loss is the symmetric cross-entropy over the batch's cosines divided by a temperature
// (InfoNCE, van den Oord et al. 2018, eq. 4; in both directions as Radford et al. 2021, figure 3);
// rows move by gradients scaled by the running mean of their squares, one mean a row (RMSProp,
// Tieleman and Hinton 2012). Sums are taken in one order whatever the number of threads. For
// training only. Pure function, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_CONTRASTIVE_TRAINING_H_
#define POLICYKB_CORE_EMBEDDING_CONTRASTIVE_TRAINING_H_

#include <cstddef>
#include <cstdint>
#include <functional>

#include "core/embedding/linear_algebra.h"
#include "core/embedding/training_pairs.h"

namespace policykb {

struct ContrastiveOptions {
  size_t dimension = 256;  // a multiple of kRowLanes
  size_t batch = 1024;     // pairs a step at the most; a quarter of the passages when that is less
  int steps = 500;
  double learning_rate = 0.002;  // of the first steps; falls in a line to a tenth
  double temperature = 0.05;
  uint64_t seed = 0;
};

// pairs.rows() * dimension. `progress` gets a fraction in [0,1] after every step; may be empty.
DenseMatrix TrainRows(const TrainingPairs& pairs, const ContrastiveOptions& options,
                      const std::function<void(double)>& progress);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_CONTRASTIVE_TRAINING_H_
