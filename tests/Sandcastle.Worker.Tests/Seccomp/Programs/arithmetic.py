"""Numbers, tables and a picture. Prints `ok` when nothing was in the way."""
import io

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot  # noqa: E402  (after the choice of what it draws with)
import numpy  # noqa: E402
import pandas  # noqa: E402

# Large enough that OpenBLAS starts its threads.
matrix = numpy.random.rand(600, 600)
assert numpy.allclose(matrix @ numpy.linalg.inv(matrix), numpy.eye(600), atol=1e-3)
frame = pandas.DataFrame({"a": range(100), "b": numpy.random.rand(100)})
frame.groupby(frame.a % 3).b.mean()
assert len(pandas.read_csv(io.StringIO(frame.to_csv()))) == 100
picture = io.BytesIO()
matplotlib.pyplot.plot(frame.a, frame.b)
matplotlib.pyplot.savefig(picture, format="png")
assert picture.getvalue().startswith(b"\x89PNG")
print("ok")
