"""A library of drawn silhouettes for the offline painter."""
from storyreel.providers.offline.silhouettes.figures import figure
from storyreel.providers.offline.silhouettes.model import Silhouette, path_bounds
