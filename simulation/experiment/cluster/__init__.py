"""Tasks done by a Dask cluster."""
