package scenarios

// rehearse compiles what of a domain can be played: stand-ins, scripts and the demo's stories. They may use commands of
// all of the library.
func (l *Library) rehearse(d *domain) (err error) {
	if d.standIns, err = l.readStandIns(d); err != nil {
		return err
	}
	if d.scripts, err = l.readScripts(d.name, d.Scripts); err != nil {
		return err
	}
	d.stories, err = l.readTraffic(d.name, d.Traffic)
	return err
}
