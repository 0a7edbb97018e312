# common/osm
