#include "core/embedding/linear_algebra.h"

#include <cblas.h>

#include <algorithm>
#include <limits>

// LAPACK by its Fortran names: OpenBLAS holds it, without a C header of its own in Debian.
extern "C" {
void sgelqf_(const int* m, const int* n, float* a, const int* lda, float* tau, float* work,
             const int* lwork, int* info);
void sorglq_(const int* m, const int* n, const int* k, float* a, const int* lda, const float* tau,
             float* work, const int* lwork, int* info);
void ssyevd_(const char* jobz, const char* uplo, const int* n, float* a, const int* lda, float* w,
             float* work, const int* lwork, int* iwork, const int* liwork, int* info);
}

namespace policykb {

namespace {

void UseOneThread() { openblas_set_num_threads(1); }

int Int(size_t value) {
  return static_cast<int>(std::min<size_t>(value, std::numeric_limits<int>::max()));
}

}  // namespace

bool OrthonormalizeColumns(DenseMatrix& matrix) {
  UseOneThread();
  // Row-major rows*columns is column-major columns*rows: its LQ factorisation is the QR of ours.
  const int m = Int(matrix.columns);
  const int n = Int(matrix.rows);
  std::vector<float> tau(matrix.columns);
  int info = 0;
  float best = 0;
  const int ask = -1;
  sgelqf_(&m, &n, matrix.values.data(), &m, tau.data(), &best, &ask, &info);
  if (info != 0) return false;
  float best_orthogonal = 0;
  sorglq_(&m, &n, &m, matrix.values.data(), &m, tau.data(), &best_orthogonal, &ask, &info);
  if (info != 0) return false;
  std::vector<float> work(static_cast<size_t>(std::max({best, best_orthogonal, 1.0F})));
  const int work_size = Int(work.size());
  sgelqf_(&m, &n, matrix.values.data(), &m, tau.data(), work.data(), &work_size, &info);
  if (info != 0) return false;
  sorglq_(&m, &n, &m, matrix.values.data(), &m, tau.data(), work.data(), &work_size, &info);
  return info == 0;
}

DenseMatrix Gram(const DenseMatrix& matrix) {
  UseOneThread();
  DenseMatrix gram(matrix.columns, matrix.columns);
  if (matrix.rows == 0) return gram;
  cblas_ssyrk(CblasRowMajor, CblasUpper, CblasTrans, Int(matrix.columns), Int(matrix.rows), 1,
              matrix.values.data(), Int(matrix.columns), 0, gram.values.data(), Int(gram.columns));
  for (size_t i = 0; i < gram.rows; ++i) {
    for (size_t j = 0; j < i; ++j) gram.row(i)[j] = gram.row(j)[i];
  }
  return gram;
}

DenseMatrix Multiply(const DenseMatrix& a, const DenseMatrix& b) {
  UseOneThread();
  DenseMatrix product(a.rows, b.columns);
  if (a.rows == 0 || b.columns == 0 || a.columns == 0) return product;
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, Int(a.rows), Int(b.columns),
              Int(a.columns), 1, a.values.data(), Int(a.columns), b.values.data(), Int(b.columns),
              0, product.values.data(), Int(product.columns));
  return product;
}

std::optional<SymmetricEigen> EigenOfSymmetric(const DenseMatrix& matrix) {
  UseOneThread();
  DenseMatrix vectors = matrix;
  const int n = Int(matrix.rows);
  std::vector<float> ascending(matrix.rows);
  int info = 0;
  float work_wanted = 0;
  int integers_wanted = 0;
  const int ask = -1;
  ssyevd_("V", "U", &n, vectors.values.data(), &n, ascending.data(), &work_wanted, &ask,
          &integers_wanted, &ask, &info);
  if (info != 0) return std::nullopt;
  std::vector<float> work(static_cast<size_t>(work_wanted) + 1);
  std::vector<int> integers(static_cast<size_t>(integers_wanted) + 1);
  const int work_size = Int(work.size());
  const int integers_size = Int(integers.size());
  ssyevd_("V", "U", &n, vectors.values.data(), &n, ascending.data(), work.data(), &work_size,
          integers.data(), &integers_size, &info);
  if (info != 0) return std::nullopt;
  // LAPACK's column i, our row i, is the eigenvector of the i-th smallest value.
  SymmetricEigen eigen{.values = {ascending.rbegin(), ascending.rend()},
                       .vectors = DenseMatrix(matrix.rows, matrix.rows)};
  for (size_t i = 0; i < matrix.rows; ++i) {
    const float* vector = vectors.row(matrix.rows - 1 - i);
    for (size_t j = 0; j < matrix.rows; ++j) eigen.vectors.row(j)[i] = vector[j];
  }
  return eigen;
}

}  // namespace policykb
