# A file in the templates/ of a chart is a template, whatever is in it.
mkdir -p chart/templates/tests plain/templates chart/crds
printf 'apiVersion: v2\nname: chart\nversion: 0.1.0\n' >chart/Chart.yaml
pod chart/templates/a.yaml
pod chart/templates/tests/b.yaml
pod chart/crds/c.yaml
pod plain/templates/d.yaml
exits 1 "charts" -l .
out_is "templates are skipped, other files are not" 'chart/crds/c.yaml\nplain/templates/d.yaml\n'
err_has "which is said" '^chart/templates/a\.yaml:?[0-9:]*: (note|warning): .* \[template\]$'
err_has "at any depth" '^chart/templates/tests/b\.yaml:?[0-9:]*: (note|warning): .* \[template\]$'
cd chart/templates
exits 0 "from inside" -d a.yaml
exits 0 "by a name with .." ../templates/a.yaml
